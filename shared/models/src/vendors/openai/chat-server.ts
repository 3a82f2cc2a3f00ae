// Chat Completions, served.
import type { ServerApi } from "../../server-api.ts";
import { chatCompletion, chatStream } from "./chat-server-answer.ts";
import { readChatServerRequest } from "./chat-server-request.ts";
import { openAiError } from "./server-failure.ts";

export const chatServerApi: ServerApi = {
  path: "/v1/chat/completions",
  readCall(body) {
    const { includeUsage, ...call } = readChatServerRequest(body);
    return {
      ...call,
      answer: (result, identity) => chatCompletion(result, call.model, identity),
      stream: (identity) => chatStream(call.model, includeUsage, identity),
    };
  },
  errorBody: openAiError,
  errorEvent: (failure) => ({ data: openAiError(failure) }),
  keepAlive: undefined,
};
