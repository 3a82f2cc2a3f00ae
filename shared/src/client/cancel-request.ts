// Cancels a request wherever it is: waiting in a queue, or being worked on.
import { transactionOf } from "../contracts/event.ts";
import { failedResultOf } from "../contracts/failed-result.ts";
import type { NocpResult } from "../contracts/result.ts";
import { cancelSubject, eventSubject, resultSubject, stages, subjectPrefix, topology } from "../contracts/topology.ts";
import { NocpError, reportedErrorOf } from "../errors/nocp-error.ts";
import type { Broker } from "../messaging/broker.ts";
import { encodeJson } from "../messaging/emit.ts";
import { newHeaders } from "../messaging/message-headers.ts";
import { giveUpAfter } from "../messaging/publisher.ts";

/** How long the stage that works on it has to answer first: its result knows what was spent. */
const STAGE_ANSWERS_WITHIN_MS = 1_000;
const PUBLISH_TIMEOUT_MS = 5_000;

/** @returns the result that stands: CANCELLED, or the answer if that was faster. */
export async function cancelRequest(broker: Broker, requestId: string): Promise<NocpResult> {
  const { connection, manager, publisher, results } = broker;
  connection.publish(cancelSubject(requestId));
  const purged = await Promise.all(
    stages.map((stage) => manager.streams.purge(topology[stage].stream, { filter: `${subjectPrefix}.*.*.*.${requestId}` })),
  );
  const wasWaiting = purged.some(({ purged: count }) => count > 0);
  const giveUpAt = Date.now() + STAGE_ANSWERS_WITHIN_MS;
  for (;;) {
    const found = await results.get(requestId);
    if (found) return found;
    if (Date.now() > giveUpAt) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const now = Date.now();
  const error = new NocpError("CANCELLED", wasWaiting ? "cancelled before it was handled" : "cancelled");
  const result = failedResultOf({
    requestId,
    lane: "interactive",
    error: reportedErrorOf(error),
    submittedAt: now,
    completedAt: now,
    journey: [],
    attempts: [],
    traceId: null,
  });
  const until = giveUpAfter(PUBLISH_TIMEOUT_MS);
  const messageId = `${requestId}>cancel`;
  const { outcome } = await publisher.publish(
    { subject: resultSubject(requestId), body: encodeJson(result), messageId, headers: newHeaders(), onlyFirst: true },
    until,
  );
  if (outcome === "superseded") return (await results.get(requestId)) ?? result;
  const transaction = encodeJson({ v: 1, transactions: [transactionOf(result)] });
  await publisher.publish(
    {
      subject: eventSubject("client", "transaction"),
      body: transaction,
      messageId: `${messageId}>transaction`,
      headers: newHeaders(),
    },
    until,
  );
  return result;
}
