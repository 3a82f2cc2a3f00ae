// Puts a finished request on the bill: whoever answers one beside the stages says so itself.
import { transactionOf } from "@nocp/contracts/event.ts";
import { encodeJson } from "@nocp/contracts/json/encode-json.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { giveUpAfter } from "@nocp/contracts/retry.ts";
import { eventSubject, type RequestRef, requestKey } from "@nocp/contracts/topology.ts";
import type { CallerBroker } from "@nocp/runtime/transport/caller-broker.ts";

const publishTimeoutMs = 5_000;

/** @param service whose event it is. @throws NocpError PUBLISH_FAILED. */
export async function recordTransaction(
  { publisher }: Pick<CallerBroker, "publisher">,
  service: "client" | "gateway",
  result: NocpResult,
  messageId: string = transactionId(result),
): Promise<void> {
  const body = encodeJson({ v: 1, transactions: [transactionOf(result)] });
  const subject = eventSubject(service, "transaction");
  await publisher.publish({ subject, tenant: result.tenant, body, messageId }, giveUpAfter(publishTimeoutMs));
}

const transactionId = (request: RequestRef): string => `${requestKey(request)}>transaction`;
