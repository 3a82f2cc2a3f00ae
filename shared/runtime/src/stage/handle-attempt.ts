// The innermost part of an attempt: decode, handle, publish; whatever goes wrong becomes a settlement.

import { abortable, startTimer } from "@nocp/contracts/abortable.ts";
import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { Tracer } from "@opentelemetry/api";
import type { Logger } from "pino";
import type { MessagingSettings } from "../config/sections.ts";
import { bodyOf, type Decoded, decodeBody, decodeHandover } from "./decode-message.ts";
import type { Emitter } from "./emit.ts";
import { reportFailure } from "./failure-report.ts";
import type { StageDefinition } from "./handler.ts";
import { createHandlerContext, type HandlerRecord } from "./handler-context.ts";
import { type Settlement, settlementOf } from "./settlement.ts";
import { recordOf, type StageAttempt } from "./stage-attempt.ts";
import type { StageTransport } from "./transport.ts";

export interface AttemptDependencies {
  readonly definition: StageDefinition;
  readonly transport: StageTransport;
  readonly emitter: Emitter;
  readonly settings: MessagingSettings;
  readonly tracer: Tracer;
  readonly logger: Logger;
  readonly now: () => number;
  readonly random: () => number;
}

/** How long past its abort a handler may go on before it is left behind. */
const abandonAfterMs = 250;

/** @returns the innermost function for `composeInterceptors`; it never rejects. */
export const createAttemptHandler =
  (dependencies: AttemptDependencies) =>
  async (attempt: StageAttempt): Promise<Settlement> => {
    const { settings, now } = dependencies;
    const record: HandlerRecord = { calls: [] };
    const handling = { isStarted: false };
    try {
      await succeed(attempt, dependencies, record, handling);
      return { kind: "ack" };
    } catch (error) {
      const cause = attempt.controller.signal.aborted ? attempt.controller.signal.reason : error;
      const deadlineAt = attempt.decoded?.deadlineAt ?? Number.POSITIVE_INFINITY;
      const failed = { attempt: attempt.number, now: now(), deadlineAt, random: dependencies.random() };
      const settlement = settlementOf(cause, failed, settings);
      if (settlement.kind !== "fail" && settlement.kind !== "dead-letter") return settlement;
      endDeltas(attempt, settlement.error.code, dependencies);
      try {
        if (!handling.isStarted) record.calls.push(...(await callsBefore(attempt, dependencies, record)));
        await reportFailure(attempt, settlement, record, dependencies);
        return settlement;
      } catch (publishError) {
        return { kind: "retry", delayMs: settings.retryMaxMs, cause: publishError };
      }
    }
  };

/** A reader of deltas learns that there is no answer, and that nothing more comes. */
function endDeltas({ decoded, number }: StageAttempt, error: string, { transport }: AttemptDependencies): void {
  if (!decoded?.request.stream) return;
  const { requestId } = decoded;
  const delta = { requestId, attempt: number, answer: 1, sequence: 0, text: "", restart: true, done: true, error };
  transport.sendDelta(decoded, delta);
}

/** @throws what decides the settlement. */
async function succeed(
  attempt: StageAttempt,
  dependencies: AttemptDependencies,
  record: HandlerRecord,
  handling: { isStarted: boolean },
): Promise<void> {
  const { definition, emitter, settings, now } = dependencies;
  const { stage } = definition;
  const { signal } = attempt.controller;
  // M4: a message whose handler died with the process time and again is not started once more.
  if (attempt.number > settings.maxAttempts) {
    throw new NocpError(
      "ATTEMPTS_EXHAUSTED",
      `${stage} started this message ${settings.maxAttempts} times and never finished it`,
    );
  }
  const decoded = await decode(attempt, settings);
  const remainingMs = decoded.deadlineAt - now();
  if (remainingMs <= 0)
    throw new NocpError("DEADLINE_EXCEEDED", `the deadline passed ${Math.round(-remainingMs)} ms before ${stage} started`);
  // What comes again may be done: a message stands for all that it led to where stages are chained, and a server that was killed
  // or whose disk was full may bring back what it deleted.
  const isQueued = attempt.delivery.message.handover === undefined;
  if (isQueued && attempt.mayBeRedelivered && (await emitter.emitStanding(decoded))) return;
  const timer = startTimer(
    () => attempt.controller.abort(new NocpError("DEADLINE_EXCEEDED", `the deadline passed while ${stage} was working`)),
    remainingMs,
  );
  try {
    const context = createHandlerContext(attempt, decoded, dependencies, record);
    const handle = () => {
      handling.isStarted = true;
      return definition.handle(decoded.message, context);
    };
    const emissions = await abortable(handle, signal, abandonAfterMs);
    attempt.handled();
    const { traceContext, mayBeRepeated, mayBeRedelivered, lostStarts } = attempt;
    const input = { decoded, record: recordOf(attempt, now()), traceContext, mayBeRepeated, mayBeRedelivered, lostStarts };
    attempt.handovers = await emitter.emit(emissions, input, signal);
  } finally {
    clearTimeout(timer);
  }
}

async function decode(attempt: StageAttempt, settings: MessagingSettings): Promise<Decoded> {
  const { addressed, delivery } = attempt;
  const { message } = delivery;
  const decoded = message.handover
    ? decodeHandover(message.handover, addressed, settings)
    : decodeBody(await bodyOf(message, addressed, settings), addressed, settings);
  attempt.decoded = decoded;
  return decoded;
}

/**
 * What earlier starts of the message may have spent, when its handler is not started to say so. A message that was started too
 * often is read for it once: if reading is what kills the process, the next failed result does without.
 */
async function callsBefore(
  attempt: StageAttempt,
  dependencies: AttemptDependencies,
  record: HandlerRecord,
): Promise<readonly ProviderAttempt[]> {
  const { definition, settings } = dependencies;
  const mayBeRead = attempt.number === settings.maxAttempts + 1;
  if (attempt.decoded === undefined && mayBeRead) await decode(attempt, settings).catch(() => undefined);
  const { decoded } = attempt;
  if (decoded === undefined || !attempt.mayBeRepeated) return [];
  return definition.callsBefore(decoded.message, createHandlerContext(attempt, decoded, dependencies, record));
}
