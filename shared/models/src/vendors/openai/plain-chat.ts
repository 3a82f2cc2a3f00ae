// One short question to a model behind any server that has OpenAI's `/chat/completions`, without its SDK.

import { capabilitiesOf } from "../../capabilities.ts";
import type { OnFailedCall } from "../../failed-model-call.ts";
import { fitCall } from "../../fit-call.ts";
import { type FailedPost, invalidAnswer } from "../../http/post-json.ts";
import { wirePrompt } from "../../prompts/wire-prompt.ts";
import { noProgress } from "../../reported-usage.ts";
import { openAiChatCapabilities } from "./capabilities.ts";
import { completionOfChat, readChatAnswer } from "./chat-answer.ts";
import { chatRequest } from "./chat-request.ts";
import { addressOf, type HttpEndpoint, postTo } from "./http-endpoint.ts";

const path = "/chat/completions";

export interface PlainAnswer {
  readonly text: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** @returns a model; its calls throw NocpError of the `PROVIDER_*` codes, also when the answer was cut. */
export const createPlainChat = (endpoint: HttpEndpoint, fetchFrom: typeof fetch = fetch) => ({
  model: endpoint.model,
  async complete(
    { system, user }: { readonly system: string; readonly user: string },
    maxOutputTokens: number,
    signal?: AbortSignal,
    onFailedCall?: OnFailedCall,
  ): Promise<PlainAnswer> {
    const asked = {
      model: endpoint.model,
      messages: [
        { role: "system" as const, text: system },
        { role: "user" as const, text: user },
      ],
      tools: [],
      toolChoice: "none" as const,
      temperature: 0,
      maxOutputTokens,
    };
    const capabilities = capabilitiesOf(openAiChatCapabilities, endpoint.model);
    const { call } = fitCall(asked, capabilities, "openai-chat");
    const prompt = wirePrompt(call, capabilities);
    const invalid = (problem: string) => invalidAnswer(addressOf(endpoint, path), problem);
    let progress = noProgress();
    const read = (answer: unknown): PlainAnswer => {
      progress = noProgress();
      const { text, finishReason, usage } = completionOfChat(readChatAnswer(answer, endpoint.model, progress), prompt);
      if (finishReason === "length") throw invalid(`the answer is cut at ${maxOutputTokens} tokens`);
      const { inputTokens = null, outputTokens = 0 } = usage ?? {};
      if (inputTokens === null) throw invalid("it does not say how many tokens it took");
      return { text, inputTokens, outputTokens: outputTokens ?? 0 };
    };
    const onFailedPost = ({ answer, ...failed }: FailedPost) => {
      const { inputTokens = null, outputTokens = null } = (answer === undefined ? null : progress.usage) ?? {};
      const isReported = inputTokens !== null && outputTokens !== null;
      onFailedCall?.({ ...failed, usage: isReported ? { inputTokens, outputTokens } : null });
    };
    return postTo(endpoint, path, chatRequest(call, prompt, capabilities), read, fetchFrom, signal, onFailedPost);
  },
});
