// Small things that tests of stages share.
import { type NocpRequest, requestSchema } from "@nocp/contracts/request.ts";
import type { Handle } from "../stage/handler.ts";

/** The request a message came from. */
const requestOf = (message: Parameters<Handle<"act">>[0]): NocpRequest =>
  message.fact === "request.submitted" ? message.body : requestSchema.parse(message.body.request);

/** An act that runs no tools. The runtime fills in what every message carries. */
export const emptyToolsCompleted: Handle<"act"> = async (message, context) => [
  {
    fact: "tools.completed",
    body: {
      requestId: context.requestId,
      lane: context.lane,
      submittedAt: context.submittedAt,
      deadlineAt: context.deadlineAt,
      request: requestOf(message),
    },
  },
];

/** Above what a machine five times slower than the usual one takes, and below the time that one test has. */
const giveUpAfterMs = 60_000;
const lookEveryMs = 25;

/**
 * @param condition one that throws is asked again: a busy machine may leave a question to the broker without an answer.
 * @throws Error when the condition does not come true within a minute, with what it threw last as the cause.
 */
export async function waitFor(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const giveUpAt = performance.now() + giveUpAfterMs;
  let cause: unknown;
  while (performance.now() < giveUpAt) {
    try {
      if (await condition()) return;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  throw new Error(`never came: ${what}`, { cause });
}
