// Input tokens as Anthropic counts them: `POST /v1/messages/count_tokens`.
import { promptMessages } from "@nocp/contracts/prompt.ts";
import { z } from "zod";
import { parseResponse } from "../../answers/read-answer.ts";
import { capabilitiesOf } from "../../capabilities.ts";
import { postJson, withoutSlash } from "../../http/post-json.ts";
import { wirePrompt } from "../../prompts/wire-prompt.ts";
import type { CountAtVendor } from "../../vendor.ts";
import { anthropicCapabilities } from "./capabilities.ts";
import { countedPart } from "./messages-request.ts";

const countSchema = z.object({ input_tokens: z.int().nonnegative() });

const readCount = (answer: unknown) => parseResponse(countSchema, answer);

export const countTokens: CountAtVendor = async ({ apiKey, baseUrl, timeoutMs, fetch }, prompt, model, signal) => {
  const call = { model, messages: promptMessages(prompt), tools: prompt.tools };
  const body = countedPart(call, wirePrompt(call, capabilitiesOf(anthropicCapabilities, model)));
  const address = { url: `${withoutSlash(baseUrl)}/v1/messages/count_tokens`, model, timeoutMs };
  const headers = { "x-api-key": apiKey, "anthropic-version": "2023-06-01" };
  const { input_tokens } = await postJson(address, body, readCount, { headers, fetch, signal });
  return input_tokens;
};
