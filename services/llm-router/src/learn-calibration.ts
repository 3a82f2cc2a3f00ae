// Learns from returned usage how many tokens a model bills for each one counted, and writes it down for whoever counts.

import {
  type Calibration,
  calibratedName,
  calibrationAfter,
  calibrationKey,
  promptShapes,
} from "@nocp/models/tokens/calibration.ts";
import { encodingOfModel } from "@nocp/models/tokens/encoding-of-model.ts";
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";

/** One prompt that was counted, sent and billed. */
export interface BilledPrompt {
  /** The model that answered. */
  readonly model: string;
  /** The model whose counter counted, the shape it counted for, and the factor it had. */
  readonly counting: { readonly model: string; readonly shape: string; readonly factor: number } | undefined;
  readonly countedTokens: number;
  readonly billedTokens: number;
}

export interface CalibrationLearner {
  /** Costs nothing for a model that is counted exactly, or that another model's counter counted. */
  observe(prompt: BilledPrompt): void;
  /** Writes down what was observed since the last time. */
  flush(): Promise<void>;
}

export interface CalibrationLearnerDependencies {
  readonly records: RecordStore<Calibration>;
  /** How long observations are gathered before they are written, in milliseconds. */
  readonly flushAfterMs: number;
  readonly onError: (error: unknown) => void;
}

/** Observations of one model and shape between two writings; more would teach nothing further. */
const maxPending = 100;

interface Observations {
  /** What a plain prompt of the model is counted with: where a shape starts from. */
  readonly plainKey: string;
  readonly startingFactor: number;
  readonly prompts: { readonly encodedTokens: number; readonly billedTokens: number }[];
}

/** Several routers write the same records: each reads before it adds its own, so that little is lost when two meet. */
export function createCalibrationLearner({ records, flushAfterMs, onError }: CalibrationLearnerDependencies): CalibrationLearner {
  let pending = new Map<string, Observations>();
  let timer: NodeJS.Timeout | undefined;
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const written = pending;
    pending = new Map();
    for (const [key, { plainKey, startingFactor, prompts }] of written) {
      let calibration = (await records.get(key)) ?? {
        factor: (await records.get(plainKey))?.factor ?? startingFactor,
        samples: 0,
      };
      for (const { encodedTokens, billedTokens } of prompts) {
        calibration = calibrationAfter(calibration, encodedTokens * calibration.factor, billedTokens);
      }
      await records.put(key, calibration);
    }
  };
  return {
    flush,
    observe({ model, counting, countedTokens, billedTokens }) {
      const { accuracy, startingFactor } = encodingOfModel(model);
      if (accuracy === "exact" || counting === undefined || calibratedName(counting.model) !== calibratedName(model)) return;
      // A newer assess may know shapes that are not known here.
      const shape = promptShapes.find((one) => one === counting.shape);
      if (shape === undefined) return;
      const key = calibrationKey(model, shape);
      const plainKey = calibrationKey(model, "plain");
      const observations = pending.get(key) ?? { plainKey, startingFactor, prompts: [] };
      pending.set(key, observations);
      if (observations.prompts.length >= maxPending) return;
      observations.prompts.push({ encodedTokens: countedTokens / counting.factor, billedTokens });
      timer ??= setTimeout(() => void flush().catch(onError), flushAfterMs).unref();
    },
  };
}
