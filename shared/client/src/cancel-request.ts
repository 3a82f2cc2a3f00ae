// Cancels a request wherever it is: waiting in a queue, or being worked on.

import { NocpError, reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import { transactionOf } from "@nocp/contracts/event.ts";
import { failedResultOf } from "@nocp/contracts/failed-result.ts";
import { encodeJson } from "@nocp/contracts/json/encode-json.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { giveUpAfter, pause } from "@nocp/contracts/retry.ts";
import {
  cancelSubject,
  eventSubject,
  queuedSubjects,
  type RequestRef,
  requestKey,
  resultSubject,
  stages,
  topology,
} from "@nocp/contracts/topology.ts";
import type { CallerBroker } from "@nocp/runtime/transport/caller-broker.ts";
import type { ResultStore } from "@nocp/runtime/transport/result-store.ts";
import { checkRequestRef } from "./check-reference.ts";

/** How long the stage that works on it has to answer first: its result knows what was spent. */
const stageAnswersWithinMs = 1_000;
const publishTimeoutMs = 5_000;
const mostLooks = 2;
const lookEveryMs = 50;

/**
 * @returns the result that stands: CANCELLED, or the answer if that was faster.
 * @throws NocpError RESULT_NOT_FOUND when the request is on no queue and has no result; INVALID_REQUEST when the id is none.
 */
export async function cancelRequest(broker: CallerBroker, request: RequestRef): Promise<NocpResult> {
  const { connection, publisher, results } = broker;
  const { requestId } = checkRequestRef(request);
  connection.publish(cancelSubject(request));
  // A second look, for what was between two stages at the first.
  for (let wasQueued = false, looks = 0; !wasQueued; looks++) {
    if (looks === mostLooks)
      throw new NocpError("RESULT_NOT_FOUND", `there is no request ${requestId}: it is not queued and has no result`);
    wasQueued = await takeOffQueues(broker, request);
    const found = await resultWithin(results, request, stageAnswersWithinMs);
    if (found) return found;
  }
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
  const messageId = `${requestKey(request)}>cancel`;
  const { outcome } = await publisher.publish(
    { subject: resultSubject(request), tenant: request.tenant, body: encodeJson(result), messageId, onlyFirst: true },
    until,
  );
  if (outcome === "superseded") return (await results.get(request)) ?? result;
  const transaction = encodeJson({ v: 1, transactions: [transactionOf(result)] });
  await publisher.publish(
    {
      subject: eventSubject("client", "transaction"),
      tenant: request.tenant,
      body: transaction,
      messageId: `${messageId}>transaction`,
    },
    until,
  );
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
  const taken = await Promise.all(stages.map((stage) => manager.streams.purge(topology[stage].stream, { filter })));
  return taken.some(({ purged }) => purged > 0);
}
