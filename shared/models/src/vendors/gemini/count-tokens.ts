// Input tokens as Gemini counts them: `POST /v1beta/models/<model>:countTokens`.
import { promptMessages } from "@nocp/contracts/prompt.ts";
import { z } from "zod";
import { parseResponse } from "../../answers/read-answer.ts";
import { capabilitiesOf } from "../../capabilities.ts";
import { postJson, withoutSlash } from "../../http/post-json.ts";
import { wirePrompt } from "../../prompts/wire-prompt.ts";
import type { CountAtVendor } from "../../vendor.ts";
import { geminiCapabilities } from "./capabilities.ts";
import { countedPart } from "./generate-request.ts";

const countSchema = z.object({ totalTokens: z.int().nonnegative() });

const readCount = (answer: unknown) => parseResponse(countSchema, answer);

export const countTokens: CountAtVendor = async ({ apiKey, baseUrl, timeoutMs, fetch }, prompt, model, signal) => {
  const call = { messages: promptMessages(prompt), tools: prompt.tools };
  const request = countedPart(wirePrompt(call, capabilitiesOf(geminiCapabilities, model)));
  const body = { generateContentRequest: { model: `models/${model}`, ...request } };
  const url = `${withoutSlash(baseUrl)}/v1beta/models/${encodeURIComponent(model)}:countTokens`;
  const headers = { "x-goog-api-key": apiKey };
  return (await postJson({ url, model, timeoutMs }, body, readCount, { headers, fetch, signal })).totalTokens;
};
