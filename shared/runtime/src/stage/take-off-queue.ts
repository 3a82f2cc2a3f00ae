// Ends a request that was cancelled while it waited in this stage's queue: nobody works on it who would answer.
import { NocpError, reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import { failedResultOf } from "@nocp/contracts/failed-result.ts";
import { giveUpAfter, pause } from "@nocp/contracts/retry.ts";
import { type RequestRef, requestKey, type Stage } from "@nocp/contracts/topology.ts";
import type { Emitter } from "./emit.ts";
import type { StageTransport } from "./transport.ts";

export interface TakeOffDependencies {
  readonly stage: Stage;
  readonly transport: Pick<StageTransport, "takeOffQueue" | "resultOf">;
  readonly emitter: Pick<Emitter, "emitResult">;
  readonly now: () => number;
}

/** How long a replica that works on the request has to answer first: its result knows what was spent. */
export const stageAnswersWithinMs = 1_000;
const lookEveryMs = 50;
const publishTimeoutMs = 5_000;

/** The id under which the result of a cancelled request is published, by whoever takes it off a queue. */
export const cancelMessageId = (request: RequestRef): string => `${requestKey(request)}>cancel`;

/** @throws Error when the broker does not answer: the request then ends as if it had not been cancelled. */
export async function takeOffQueue(request: RequestRef, dependencies: TakeOffDependencies): Promise<void> {
  const { stage, transport, emitter, now } = dependencies;
  if (!(await transport.takeOffQueue(stage, request))) return;
  const answered = giveUpAfter(stageAnswersWithinMs);
  while (!answered.aborted) {
    if (await transport.resultOf(request)) return;
    await pause(lookEveryMs);
  }
  const cancelledAt = now();
  const result = failedResultOf({
    ...request,
    lane: "interactive",
    error: reportedErrorOf(new NocpError("CANCELLED", "cancelled before it was processed")),
    submittedAt: cancelledAt,
    completedAt: cancelledAt,
    journey: [],
    attempts: [],
    traceId: null,
  });
  // Somebody else may have answered since.
  const message = { messageId: cancelMessageId(request), mayBeRepeated: true };
  await emitter.emitResult(result, message, giveUpAfter(publishTimeoutMs));
}
