// A stage put together: the same for services and for tests, over any transport.
import { retry } from "@nocp/contracts/retry.ts";
import type { Tracer } from "@opentelemetry/api";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { MessagingSettings } from "../config/sections.ts";
import { createAttemptLedger, startsSchema } from "./attempt-ledger.ts";
import { createEmitter } from "./emit.ts";
import { createEventBuffer } from "./event-buffer.ts";
import { createAttemptHandler } from "./handle-attempt.ts";
import type { StageDefinition } from "./handler.ts";
import { createLeases, type Leases } from "./leases.ts";
import { createLogInterceptor } from "./log-interceptor.ts";
import { createMeasureInterceptor } from "./measure-interceptor.ts";
import { createSettler } from "./settler.ts";
import { composeInterceptors } from "./stage-attempt.ts";
import { createStageRunner, type StageRunner } from "./stage-runner.ts";
import { takeOffQueue } from "./take-off-queue.ts";
import { createTraceInterceptor } from "./trace-interceptor.ts";
import type { StageTransport } from "./transport.ts";

export interface StageParts {
  readonly definition: StageDefinition;
  readonly transport: StageTransport;
  readonly settings: MessagingSettings;
  readonly logger: Logger;
  readonly tracer: Tracer;
  readonly registry: Registry;
  /** Milliseconds since the epoch, with fractions. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Where counts of starts are kept. */
const attemptRecords = "attempts";

/** @returns a runner that is yet to be started. @throws NocpError PUBLISH_FAILED, Error when the stage's stream is missing. */
export async function assembleStage(parts: StageParts): Promise<StageRunner> {
  const { definition, transport, settings, logger, tracer, registry, now } = parts;
  const { stage } = definition;
  const events = createEventBuffer(transport, stage);
  const emitter = createEmitter(stage, transport, tracer);
  const handle = composeInterceptors(
    [createTraceInterceptor(tracer, now), createMeasureInterceptor(registry, stage, events, now), createLogInterceptor(logger)],
    createAttemptHandler({ ...parts, emitter }),
  );
  const ledger = createAttemptLedger(await transport.records(attemptRecords, startsSchema, 0));
  const lastSequenceBefore = await transport.lastSequence(stage);
  const { ackWaitMs, duplicateWindowMs } = settings;
  const leases = createLeases({
    stage,
    lastSequenceBefore,
    ackWaitMs,
    duplicateWindowMs,
    now,
    onForgotten: () => void trustAgain(),
  });
  const trustAgain = createTrustRenewal(leases, () => transport.lastSequence(stage));
  const endOutages = transport.onOutage({ lost: leases.distrust, regained: () => void trustAgain() });
  const settler = createSettler(ledger, handle);
  const endTakingOff = transport.onCancelOnce(stage, (request) => {
    takeOffQueue(request, { stage, transport, emitter, now }).catch((error: unknown) =>
      logger.warn({ err: (error as Error).name, requestId: request.requestId }, "cannot take a cancelled request off the queue"),
    );
  });
  const onStopped = () => {
    endTakingOff();
    endOutages();
    trustAgain.stop();
    events.close();
  };
  return createStageRunner({ stage, transport, leases, settler, settings, logger, now, onStopped });
}

/** How long to wait before a broker is asked again that has no answer yet. */
const askAgainMs = 250;

/** Asks where the stream ends, until there is an answer, and trusts deliveries beyond it. */
function createTrustRenewal(leases: Leases, lastSequence: () => Promise<number>) {
  let asked = 0;
  const renew = async (): Promise<void> => {
    const question = ++asked;
    leases.distrust();
    await retry(
      async () => {
        const last = await lastSequence();
        // An older answer may be of before a later outage.
        if (question === asked) leases.trust(last);
      },
      () => {
        if (question !== asked) throw new Error("asked again meanwhile");
        return askAgainMs;
      },
    ).catch(() => undefined);
  };
  return Object.assign(renew, { stop: () => void asked++ });
}
