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

const maxTries = 800;
const waitMs = 25;

/** @throws Error when the condition does not come true within some 20 s. */
export async function waitFor(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < maxTries; tries++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  throw new Error(`never came: ${what}`);
}
