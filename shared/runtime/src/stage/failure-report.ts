// What is published of an attempt that failed for good: an answer for the caller, and a dead letter where the message can
// be sent again.
import type { ReportedError } from "@nocp/contracts/accounting.ts";
import { reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import { failedResultOf } from "@nocp/contracts/failed-result.ts";
import { encodeJson } from "@nocp/contracts/json/encode-json.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { giveUpAfter } from "@nocp/contracts/retry.ts";
import { deadSubject } from "@nocp/contracts/topology.ts";
import { context as activeContext } from "@opentelemetry/api";
import { type Emitter, journeyOf } from "./emit.ts";
import type { HandlerRecord } from "./handler-context.ts";
import { traceIdOf } from "./message-headers.ts";
import { emissionId } from "./message-id.ts";
import type { Settlement } from "./settlement.ts";
import { recordOf, type StageAttempt } from "./stage-attempt.ts";

export interface FailureDependencies {
  readonly emitter: Emitter;
  readonly settings: { readonly ackWaitMs: number };
  readonly now: () => number;
}

/** @throws NocpError PUBLISH_FAILED: the attempt is then retried. */
export function reportFailure(
  attempt: StageAttempt,
  settlement: Extract<Settlement, { kind: "fail" | "dead-letter" }>,
  done: HandlerRecord,
  { emitter, settings, now }: FailureDependencies,
): Promise<void> {
  return activeContext.with(attempt.traceContext, async () => {
    // Not the attempt's signal: it has fired when the deadline did.
    const until = giveUpAfter(settings.ackWaitMs);
    const error = reportedErrorOf(settlement.error, attempt.stage);
    const messageId = emissionId(attempt.addressed.messageId, attempt.stage, 0);
    if (settlement.kind === "dead-letter" && emitter.keepsDeadLetters) {
      const subject = deadSubject(attempt.stage);
      const body = encodeJson(await deadLetterOf(attempt, error, now()));
      await emitter.publish(
        subject,
        { subject, tenant: attempt.addressed.tenant, body, messageId: `${messageId}>dead`, isDeadLetter: true },
        until,
      );
    }
    await emitter.emitResult(resultOf(attempt, error, done, now()), { messageId, mayBeRepeated: attempt.mayBeRepeated }, until);
  });
}

function resultOf(attempt: StageAttempt, error: ReportedError, done: HandlerRecord, now: number): NocpResult {
  const { decoded, addressed } = attempt;
  const body = decoded?.message.body;
  const spent = body && "spent" in body ? body.spent.attempts : [];
  // A stage after llm-router fails with the route of the completion that it was given.
  const route = done.route ?? (body && "route" in body ? body.route : undefined);
  return failedResultOf({
    tenant: addressed.tenant,
    requestId: addressed.requestId,
    lane: addressed.lane,
    error,
    submittedAt: decoded?.submittedAt ?? addressed.storedAt,
    completedAt: now,
    journey: [...journeyOf(decoded), recordOf(attempt, now)],
    attempts: [...spent, ...done.calls],
    traceId: traceIdOf(attempt.traceContext),
    ...(decoded ? { request: decoded.request } : {}),
    ...(route === undefined ? {} : { route }),
    ...(body && "inputTokens" in body ? { inputTokens: body.inputTokens } : {}),
  });
}

async function deadLetterOf({ addressed, delivery, number, stage }: StageAttempt, error: ReportedError, now: number) {
  const { message } = delivery;
  const { headers } = message;
  // What is gone cannot be kept.
  const body = await Promise.resolve(message.body()).catch(() => new Uint8Array(0));
  return {
    v: 1,
    tenant: addressed.tenant,
    requestId: addressed.requestId,
    stage,
    subject: message.subject,
    messageId: addressed.messageId,
    error,
    attempts: number,
    at: Math.round(now),
    headers: Object.fromEntries((headers?.keys() ?? []).map((key) => [key, headers?.get(key) ?? ""])),
    payload: Buffer.from(body).toString("base64"),
  };
}
