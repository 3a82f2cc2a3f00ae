// Anthropic's Messages API, served.
import type { ServerApi } from "../../server-api.ts";
import { withBetas } from "./betas.ts";
import { messagesAnswer, messagesStream } from "./messages-server-answer.ts";
import { readMessagesServerRequest } from "./messages-server-request.ts";
import { messagesVendor } from "./reasoning-items.ts";
import { anthropicError } from "./server-failure.ts";

export const messagesServerApi: ServerApi = {
  path: "/v1/messages",
  withHeaders: withBetas,
  readCall(body) {
    const call = readMessagesServerRequest(body);
    return {
      ...call,
      answer: (result, identity) => messagesAnswer(result, call.model, identity),
      stream: (identity) => messagesStream(call.model, identity),
    };
  },
  counting: { path: "/v1/messages/count_tokens", answer: (inputTokens) => ({ input_tokens: inputTokens }) },
  reasoningItemsOf: messagesVendor,
  errorBody: anthropicError,
  errorEvent: (failure) => ({ event: "error", data: anthropicError(failure) }),
  keepAlive: { event: "ping", data: { type: "ping" } },
};
