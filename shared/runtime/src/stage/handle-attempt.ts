// The innermost part of an attempt: decode, handle, publish; whatever goes wrong becomes a settlement.

import type { NatsConnection } from "@nats-io/nats-core";
import type { ProviderAttempt, StageRecord } from "@nocp/contracts/accounting.ts";
import { NocpError, reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import { failedResultOf } from "@nocp/contracts/failed-result.ts";
import { deadSubject, type Stage } from "@nocp/contracts/topology.ts";
import { context as activeContext, type Tracer } from "@opentelemetry/api";
import type { Logger } from "pino";
import { type ClaimCheck, deadClaimsBucket } from "../transport/claim-check.ts";
import { encodeJson } from "../transport/encode-json.ts";
import { traceIdOf } from "../transport/message-headers.ts";
import { emissionId } from "../transport/message-id.ts";
import { type GiveUp, giveUpAfter } from "../transport/publisher.ts";
import type { IsStored } from "../transport/stored-facts.ts";
import type { MessagingSettings } from "../transport/stream-definitions.ts";
import { bodyOf, decodeBody } from "./decode-message.ts";
import { type Emitter, journeyOf } from "./emit.ts";
import type { Handle, HandlerContext } from "./handler.ts";
import { createHandlerContext } from "./handler-context.ts";
import { type Settlement, settlementOf } from "./settlement.ts";
import type { StageAttempt } from "./stage-attempt.ts";

export interface AttemptDependencies {
  readonly stage: Stage;
  readonly handle: Handle;
  readonly connection: NatsConnection;
  readonly claims: ClaimCheck;
  readonly emitter: Emitter;
  readonly isStored: IsStored;
  readonly settings: MessagingSettings;
  readonly tracer: Tracer;
  readonly logger: Logger;
  readonly now: () => number;
  readonly random: () => number;
}

/** How long past its abort a handler may go on before it is left behind. */
const ABANDON_AFTER_MS = 250;
/** Timers hold at most 2^31-1 ms (24.8 days). */
const LONGEST_TIMER_MS = 2_147_483_647;

/** @returns the innermost function for `composeInterceptors`; it never rejects. */
export function createAttemptHandler(dependencies: AttemptDependencies): (attempt: StageAttempt) => Promise<Settlement> {
  const { stage, handle, claims, emitter, settings, now } = dependencies;

  const recordOf = (attempt: StageAttempt): StageRecord => ({
    stage,
    attempt: attempt.start.attempt,
    queueWaitMs: attempt.queueWaitMs,
    workMs: Math.max(0, now() - attempt.startedAt),
  });

  const succeed = async (attempt: StageAttempt, recordCall: HandlerContext["recordCall"]): Promise<Settlement> => {
    const { signal } = attempt.controller;
    const { message } = attempt.delivery;
    // M4: a message whose handler died with the process time and again is not started once more.
    if (attempt.start.attempt > settings.maxAttempts) {
      throw new NocpError(
        "ATTEMPTS_EXHAUSTED",
        `${stage} was started ${settings.maxAttempts} times on this message and never came to an end`,
      );
    }
    const decoded = decodeBody(await bodyOf(message, attempt.addressed, claims, settings), attempt.addressed, settings);
    attempt.decoded = decoded;
    const remainingMs = decoded.deadlineAt - now();
    if (remainingMs <= 0)
      throw new NocpError("DEADLINE_EXCEEDED", `the deadline passed ${Math.round(-remainingMs)} ms before ${stage} began`);
    const timer = setTimeout(
      () => attempt.controller.abort(new NocpError("DEADLINE_EXCEEDED", `the deadline passed while ${stage} worked`)),
      Math.min(remainingMs, LONGEST_TIMER_MS),
    );
    try {
      const context = createHandlerContext(attempt, decoded, dependencies, recordCall);
      const emissions = await untilAborted(handle(decoded.message, context), signal);
      await emitter.emit(emissions, decoded, recordOf(attempt), signal);
      return { kind: "ack" };
    } finally {
      clearTimeout(timer);
    }
  };

  /** Answers the caller, and keeps the message when it can be sent again. Publishing failures end in a retry. */
  const fail = async (
    attempt: StageAttempt,
    settlement: Extract<Settlement, { kind: "fail" | "dead-letter" }>,
    calls: readonly ProviderAttempt[],
  ): Promise<void> => {
    const { decoded, addressed } = attempt;
    // Not the attempt's signal: it has fired when the deadline did.
    const until = giveUpAfter(settings.ackWaitMs);
    const error = reportedErrorOf(settlement.error, stage);
    const messageId = emissionId(addressed.messageId, stage, 0);
    if (settlement.kind === "dead-letter") await publishDeadLetter(attempt, error, `${messageId}>dead`, until);
    const body = decoded?.message.body;
    const spent = body && "spent" in body ? body.spent.attempts : [];
    const result = failedResultOf({
      requestId: addressed.requestId,
      lane: addressed.lane,
      error,
      submittedAt: decoded?.submittedAt ?? addressed.storedAt,
      completedAt: now(),
      journey: [...journeyOf(decoded), recordOf(attempt)],
      attempts: [...spent, ...calls],
      traceId: traceIdOf(attempt.traceContext),
      ...(decoded ? { request: decoded.request } : {}),
      ...(body && "inputTokens" in body ? { inputTokens: body.inputTokens } : {}),
    });
    await emitter.emitResult(result, messageId, until);
  };

  const publishDeadLetter = async (
    attempt: StageAttempt,
    error: ReturnType<typeof reportedErrorOf>,
    messageId: string,
    until: GiveUp,
  ) => {
    const { message } = attempt.delivery;
    const body = await bodyOf(message, { ...attempt.addressed, fact: "tools.completed" }, claims, settings).catch(
      () => message.body,
    );
    const headers: Record<string, string> = {};
    for (const key of message.headers?.keys() ?? []) headers[key] = message.headers?.get(key) ?? "";
    const letter = {
      v: 1,
      requestId: attempt.addressed.requestId,
      stage,
      subject: message.subject,
      messageId: attempt.addressed.messageId,
      error,
      attempts: attempt.start.attempt,
      at: now(),
      headers,
      payload: Buffer.from(body).toString("base64"),
    };
    const subject = deadSubject(stage);
    await emitter.publish(subject, { subject, body: encodeJson(letter), messageId, claimBucket: deadClaimsBucket }, until);
  };

  return async (attempt) => {
    // Beside the error, so that an abort loses none of them.
    const calls: ProviderAttempt[] = [];
    try {
      return await succeed(attempt, (call) => calls.push(call));
    } catch (error) {
      const cause = attempt.controller.signal.aborted ? attempt.controller.signal.reason : error;
      const deadlineAt = attempt.decoded?.deadlineAt ?? Number.POSITIVE_INFINITY;
      const failed = { attempt: attempt.start.attempt, now: now(), deadlineAt, random: dependencies.random() };
      const settlement = settlementOf(cause, failed, settings);
      if (settlement.kind !== "fail" && settlement.kind !== "dead-letter") return settlement;
      try {
        await activeContext.with(attempt.traceContext, () => fail(attempt, settlement, calls));
        return settlement;
      } catch (publishError) {
        return { kind: "retry", delayMs: settings.retryMaxMs, cause: publishError };
      }
    }
  };
}

/** What `work` resolves to; rejects soon after the signal fires, also when `work` goes on regardless. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw signal.reason;
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const abandoned = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(signal.reason), ABANDON_AFTER_MS);
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, abandoned]);
  } finally {
    clearTimeout(timer);
    if (onAbort) signal.removeEventListener("abort", onAbort);
  }
}
