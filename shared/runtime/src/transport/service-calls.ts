// Calls that one service makes of another and that are answered at once: core NATS, stored nowhere.

import type { NatsConnection } from "@nats-io/nats-core";
import { reportedErrorSchema } from "@nocp/contracts/accounting.ts";
import { isErrorCode } from "@nocp/contracts/errors/catalogue.ts";
import { NocpError, reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import { type ServiceName, serviceCallSubject } from "@nocp/contracts/topology.ts";
import { z } from "zod";
import type { AnswerCall } from "../stores/service-calls.ts";
import { hasNoResponders, type RequestReply } from "./request-reply.ts";

const replySchema = z.union([z.object({ answer: z.unknown() }), z.object({ error: reportedErrorSchema })]);

/** Of an answer that would not fit into a message of the server. */
const tooLarge = { code: "REQUEST_TOO_LARGE", message: "the answer is larger than the server's max_payload; ask for less" };

/**
 * Answers calls until it is stopped; of several replicas, one answers each call.
 * @returns stops it.
 */
export function serveCalls(
  connection: NatsConnection,
  service: ServiceName,
  answers: Readonly<Record<string, AnswerCall>>,
): () => void {
  const subscription = connection.subscribe(serviceCallSubject(service, "*"), {
    queue: service,
    callback: (error, message) => {
      if (error) return;
      const answer = answers[message.subject.split(".").at(-1) ?? ""];
      void replyTo(answer, message.data).then((body) => {
        if (!connection.isClosed()) message.respond(fitting(body, connection.info?.max_payload));
      });
    },
  });
  return () => {
    if (!subscription.isClosed()) subscription.unsubscribe();
  };
}

async function replyTo(answer: AnswerCall | undefined, question: Uint8Array): Promise<object> {
  try {
    if (!answer) throw new NocpError("INVALID_REQUEST", "this version does not answer such calls");
    return { answer: (await answer(JSON.parse(Buffer.from(question).toString("utf8")))) ?? null };
  } catch (error) {
    return { error: reportedErrorOf(error) };
  }
}

function fitting(reply: object, maxPayload = Number.POSITIVE_INFINITY): string {
  const body = JSON.stringify(reply);
  return Buffer.byteLength(body) <= maxPayload ? body : JSON.stringify({ error: tooLarge });
}

/**
 * Asks a service.
 * @throws NocpError NOT_CONNECTED when the service does not run or does not answer in time; otherwise what it answered.
 */
export async function callService(
  requests: RequestReply,
  service: ServiceName,
  name: string,
  question: unknown,
): Promise<unknown> {
  const message = await requests
    .ask(serviceCallSubject(service, name), Buffer.from(JSON.stringify(question)))
    .catch((cause: unknown) => {
      throw new NocpError("NOT_CONNECTED", `${service} does not answer`, { advice: "Try again.", cause });
    });
  if (hasNoResponders(message))
    throw new NocpError("NOT_CONNECTED", `${service} does not run`, { advice: `Start the service ${service}.` });
  const reply = replySchema.parse(message.json());
  if ("answer" in reply) return reply.answer;
  const { code, message: text, advice } = reply.error;
  throw new NocpError(isErrorCode(code) ? code : "UNEXPECTED", text, advice === undefined ? {} : { advice });
}
