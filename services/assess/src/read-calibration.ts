// What llm-router learned of models that are not counted exactly: read now and then, asked at every count.

import { type Calibration, calibrationKey } from "@nocp/models/tokens/calibration.ts";
import type { CalibrationOf } from "@nocp/models/tokens/create-token-counter.ts";
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";

export interface CalibrationReaderDependencies {
  readonly records: Pick<RecordStore<Calibration>, "get">;
  /** A record older than this is read again, in the background. */
  readonly refreshAfterMs: number;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** Names of models come with requests: the memory of them is bounded. */
const maxRemembered = 256;

/**
 * @returns the calibration of a model as last read; undefined before the first reading, and where none is known. A shape of
 * which nothing was learned is counted like a plain prompt.
 */
export function createCalibrationReader(dependencies: CalibrationReaderDependencies): CalibrationOf {
  const { records, refreshAfterMs, now, onError } = dependencies;
  const known = new Map<string, { calibration: Calibration | undefined; readAt: number }>();
  const lastRead = (key: string): Calibration | undefined => {
    const entry = known.get(key);
    if (entry !== undefined && now() - entry.readAt < refreshAfterMs) return entry.calibration;
    if (known.size >= maxRemembered) known.clear();
    const fresh = { calibration: entry?.calibration, readAt: now() };
    known.set(key, fresh);
    records.get(key).then((calibration) => {
      fresh.calibration = calibration;
    }, onError);
    return fresh.calibration;
  };
  return (model, shape) => {
    const plain = lastRead(calibrationKey(model, "plain"));
    return shape === "plain" ? plain : (lastRead(calibrationKey(model, shape)) ?? plain);
  };
}
