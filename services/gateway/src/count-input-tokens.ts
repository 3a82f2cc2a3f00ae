// The input tokens of a call, as its model counts them.

import type { ServerCall } from "@nocp/models/server-api.ts";
import { countChat, countTools } from "@nocp/models/tokens/count-chat.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";

export function countInputTokens({ model, request }: ServerCall): number {
  const counter = createTokenCounter(model.replace(/^.*\//, ""));
  const messages = (request.messages ?? []).map(({ name: _name, ...message }) => message);
  return countChat(counter, messages) + countTools(counter, request.callerTools ?? []);
}
