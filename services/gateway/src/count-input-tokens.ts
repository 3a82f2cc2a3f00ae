// The input tokens of a call, as its model counts them.

import type { ServerCall } from "@nocp/models/server-api.ts";
import { countChat, countTools } from "@nocp/models/tokens/count-chat.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { largeSize } from "@nocp/runtime/workers/work-size.ts";
import type { HostedWork } from "./hosted-work.ts";

export type CountInput = (call: ServerCall, signal: AbortSignal) => Promise<number>;

/** @param open gives what counts long texts without holding up other calls. */
export const createInputCounter =
  (open: HostedWork["openCompression"]): CountInput =>
  async ({ model, request }, signal) => {
    const named = model.replace(/^.*\//, "");
    const counter = createTokenCounter(named);
    const messages = (request.messages ?? []).map(({ name: _name, ...message }) => message);
    const toolTokens = countTools(counter, request.callerTools ?? []);
    const texts = messages.map(({ text }) => text);
    if (texts.reduce((sum, text) => sum + text.length, 0) < largeSize) return countChat(counter, messages) + toolTokens;
    const rest = messages.map((message) => ({ ...message, text: "" }));
    return countChat(counter, rest) + toolTokens + (await (await open()).countTexts(texts, named, signal));
  };
