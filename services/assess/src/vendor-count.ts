// Tokens of a prompt as its vendor counts them: a call more for each request, for those who want no estimate.

import { type Prompt, type PromptMessage, promptMessages } from "@nocp/contracts/prompt.ts";
import { defineSection, type SectionValues, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { postJson } from "./post-json.ts";

export const vendorCountSection = defineSection("assess.vendorCount", {
  anthropicApiKey: setting(z.string(), "", "Key for counting Anthropic's tokens; empty for estimates.", { secret: true }),
  anthropicBaseUrl: setting(z.url(), "https://api.anthropic.com", "Where Anthropic's API is, without the version."),
  geminiApiKey: setting(z.string(), "", "Key for counting Gemini's tokens; empty for estimates.", { secret: true }),
  geminiBaseUrl: setting(z.url(), "https://generativelanguage.googleapis.com", "Where Gemini's API is, without the version."),
  timeoutMs: setting(z.int().min(100), 5000, "Longest wait for one count, in milliseconds."),
});

type VendorCountSettings = SectionValues<typeof vendorCountSection>;

/**
 * Undefined for a model whose vendor has no such endpoint, or no key.
 * @throws NocpError of the `PROVIDER_*` codes.
 */
export type VendorCount = (prompt: Prompt, model: string, signal: AbortSignal) => Promise<number | undefined>;

/** Counts at `POST /v1/messages/count_tokens` for Claude, and at `models/<model>:countTokens` for Gemini. */
export const createVendorCount =
  (settings: VendorCountSettings, fetchFrom: typeof fetch = fetch): VendorCount =>
  async (prompt, model, signal) => {
    const name = model.replace(/^.*\//, "");
    const { timeoutMs } = settings;
    if (/^claude/i.test(name) && settings.anthropicApiKey !== "") {
      const { input_tokens } = await postJson(
        { url: `${trimmed(settings.anthropicBaseUrl)}/v1/messages/count_tokens`, model: name, timeoutMs },
        anthropicRequest(prompt, name),
        z.object({ input_tokens: z.int().nonnegative() }),
        { headers: { "x-api-key": settings.anthropicApiKey, "anthropic-version": "2023-06-01" }, fetch: fetchFrom, signal },
      );
      return input_tokens;
    }
    if (/^gemini/i.test(name) && settings.geminiApiKey !== "") {
      const { totalTokens } = await postJson(
        {
          url: `${trimmed(settings.geminiBaseUrl)}/v1beta/models/${encodeURIComponent(name)}:countTokens`,
          model: name,
          timeoutMs,
        },
        { generateContentRequest: geminiRequest(prompt, name) },
        z.object({ totalTokens: z.int().nonnegative() }),
        { headers: { "x-goog-api-key": settings.geminiApiKey }, fetch: fetchFrom, signal },
      );
      return totalTokens;
    }
    return undefined;
  };

const trimmed = (url: string): string => url.replace(/\/+$/, "");

/** Vendors allow letters, digits, - and _ only. */
const toolName = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, "_");

/** Empty texts are refused by both. */
const hasContent = ({ text, toolRequests }: PromptMessage): boolean => text !== "" || (toolRequests?.length ?? 0) > 0;

const messagesOf = (prompt: Prompt): PromptMessage[] => promptMessages({ ...prompt, system: "" }).filter(hasContent);

function anthropicRequest(prompt: Prompt, model: string) {
  const messages = messagesOf(prompt).map(({ role, text, toolRequests = [], toolRequestId }) =>
    role === "tool"
      ? { role: "user", content: [{ type: "tool_result", tool_use_id: toolRequestId, content: text }] }
      : {
          role,
          content: [
            ...(text === "" ? [] : [{ type: "text", text }]),
            ...toolRequests.map((call) => ({ type: "tool_use", id: call.id, name: toolName(call.name), input: call.arguments })),
          ],
        },
  );
  const tools = prompt.tools.map((tool) => ({
    name: toolName(tool.name),
    description: tool.description,
    input_schema: { type: "object", ...tool.parameters },
  }));
  return {
    model,
    messages,
    ...(prompt.system === "" ? {} : { system: prompt.system }),
    ...(tools.length === 0 ? {} : { tools }),
  };
}

function geminiRequest(prompt: Prompt, model: string) {
  const messages = messagesOf(prompt);
  const nameOfCall = new Map(
    messages.flatMap(({ toolRequests = [] }) => toolRequests.map(({ id, name }) => [id, name] as const)),
  );
  const contents = messages.map(({ role, text, toolRequests = [], toolRequestId = "" }) =>
    role === "tool"
      ? {
          role: "user",
          parts: [{ functionResponse: { name: toolName(nameOfCall.get(toolRequestId) ?? "tool"), response: { result: text } } }],
        }
      : {
          role: role === "assistant" ? "model" : "user",
          parts: [
            ...(text === "" ? [] : [{ text }]),
            ...toolRequests.map((call) => ({ functionCall: { name: toolName(call.name), args: call.arguments } })),
          ],
        },
  );
  const functionDeclarations = prompt.tools.map(({ name, description, parameters }) => ({
    name: toolName(name),
    description,
    parametersJsonSchema: parameters,
  }));
  return {
    model: `models/${model}`,
    contents,
    ...(prompt.system === "" ? {} : { systemInstruction: { parts: [{ text: prompt.system }] } }),
    ...(functionDeclarations.length === 0 ? {} : { tools: [{ functionDeclarations }] }),
  };
}
