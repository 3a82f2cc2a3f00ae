// The vendors' chats that the gateway serves.
import type { ServerApi } from "@nocp/models/server-api.ts";
import { messagesServerApi } from "@nocp/models/vendors/anthropic/messages-server.ts";
import { chatServerApi } from "@nocp/models/vendors/openai/chat-server.ts";
import { responsesServerApi } from "@nocp/models/vendors/openai/responses-server.ts";

/** The first one's errors are shown where a path belongs to none. */
export const servedApis: readonly [ServerApi, ...ServerApi[]] = [chatServerApi, messagesServerApi, responsesServerApi];
