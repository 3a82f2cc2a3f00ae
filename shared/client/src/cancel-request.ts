// Cancels a request wherever it is: waiting in a queue, or being worked on.

import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import { NocpError, reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import { failedResultOf } from "@nocp/contracts/failed-result.ts";
import { encodeJson } from "@nocp/contracts/json/encode-json.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { giveUpAfter, pause } from "@nocp/contracts/retry.ts";
import { cancelSubject, queuedSubjects, type RequestRef, resultSubject, stages, topology } from "@nocp/contracts/topology.ts";
import { cancelMessageId, stageAnswersWithinMs } from "@nocp/runtime/stage/take-off-queue.ts";
import type { CallerBroker } from "@nocp/runtime/transport/caller-broker.ts";
import type { ResultStore } from "@nocp/runtime/transport/result-store.ts";
import { checkRequestRef } from "./check-reference.ts";
import { recordTransaction } from "./record-transaction.ts";
import { foreignTenantError } from "./refuse-foreign-tenant.ts";

const publishTimeoutMs = 5_000;
const mostLooks = 2;
const lookEveryMs = 50;
/** A broker that lets this caller look after no queue may say so, or say nothing. */
const queueAnswersWithinMs = 2_000;

export interface CancelOptions {
  /** Does not look after the queues, for a service that has no right to. */
  readonly leaveToStages?: boolean;
}

/**
 * Every stage takes a cancelled request off its queue. A caller whose broker lets it does so as well, so that cancelling
 * works while no stage runs.
 * @returns the result that stands: CANCELLED, or the answer if that was faster.
 * @throws NocpError RESULT_NOT_FOUND when the request is on no queue and has no result; INVALID_REQUEST when the id is none;
 * NOT_AUTHORIZED when the tenant is not the user's.
 */
export async function cancelRequest(
  broker: CallerBroker,
  request: RequestRef,
  { leaveToStages = false }: CancelOptions = {},
): Promise<NocpResult> {
  const { connection, results } = broker;
  const { requestId } = checkRequestRef(request);
  // A second look, for what was between two stages at the first.
  for (let wasQueued = false, looks = 0; !wasQueued; looks++) {
    if (looks === mostLooks)
      throw new NocpError("RESULT_NOT_FOUND", `there is no request ${requestId}: it is not queued and has no result`);
    connection.publish(cancelSubject(request));
    const taken = leaveToStages ? Promise.resolve(false) : takeOffQueues(broker, request);
    // Longer than a stage waits for another replica's answer.
    const found = await resultWithin(results, request, stageAnswersWithinMs + publishDelayMs).catch(async (error: unknown) => {
      throw (await foreignTenantError(broker, request.tenant)) ?? error;
    });
    if (found) return found;
    wasQueued = await taken;
  }
  return publishCancelled(broker, request);
}

const publishDelayMs = 500;

async function publishCancelled({ publisher, results }: CallerBroker, request: RequestRef): Promise<NocpResult> {
  const now = Date.now();
  const error = new NocpError("CANCELLED", "cancelled before it was processed");
  const result = failedResultOf({
    ...request,
    lane: "interactive",
    error: reportedErrorOf(error),
    submittedAt: now,
    completedAt: now,
    journey: [],
    attempts: [],
    traceId: null,
  });
  const until = giveUpAfter(publishTimeoutMs);
  const { tenant } = request;
  const messageId = cancelMessageId(request);
  const { outcome } = await publisher.publish(
    { subject: resultSubject(request), tenant, body: encodeJson(result), messageId, onlyFirst: true },
    until,
  );
  if (outcome !== "stored") return (await results.get(request)) ?? result;
  await recordTransaction({ publisher }, "client", result, `${messageId}>transaction`);
  return result;
}

async function resultWithin(results: ResultStore, request: RequestRef, milliseconds: number): Promise<NocpResult | undefined> {
  const giveUpAt = Date.now() + milliseconds;
  for (;;) {
    const found = await results.get(request);
    if (found || Date.now() > giveUpAt) return found;
    await pause(lookEveryMs);
  }
}

/** @returns whether there was anything; what a stage is working on counts, until that stage has settled it. */
async function takeOffQueues({ manager }: CallerBroker, request: RequestRef): Promise<boolean> {
  const filter = queuedSubjects(request);
  const purging = Promise.all(stages.map((stage) => manager.streams.purge(topology[stage].stream, { filter })));
  const taken = await withTimeLimit(() => purging, {
    timeoutMs: queueAnswersWithinMs,
    onTimeout: () => new Error("the broker does not answer"),
  }).catch(() => []);
  return taken.some(({ purged }) => purged > 0);
}
