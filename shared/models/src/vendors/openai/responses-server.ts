// The Responses API, served.
import type { ServerApi } from "../../server-api.ts";
import { responsesVendor } from "./reasoning-items.ts";
import { responsesConversation } from "./responses-conversation.ts";
import { responseId, responsesAnswer } from "./responses-server-answer.ts";
import { readResponsesServerRequest } from "./responses-server-request.ts";
import { responsesStream } from "./responses-server-stream.ts";
import { openAiError } from "./server-failure.ts";

export const responsesServerApi: ServerApi = {
  path: "/v1/responses",
  readCall: (body) => ({
    ...readResponsesServerRequest(body),
    answer: (result, identity) => responsesAnswer(result, body, identity),
    stream: (identity) => responsesStream(body, identity),
  }),
  conversation: { ...responsesConversation, idOf: responseId },
  reasoningItemsOf: responsesVendor,
  errorBody: openAiError,
  errorEvent(failure) {
    const { code, message, param } = openAiError(failure).error;
    return { event: "error", data: { type: "error", sequence_number: 0, code, message, param } };
  },
  keepAlive: undefined,
};
