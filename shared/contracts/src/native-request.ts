// The request of a vendor's own API that a NOCP request was made from: it reaches that API again without a loss.
import { z } from "zod";

export const nativeApis = ["openai-chat", "openai-responses", "anthropic-messages"] as const;

export const nativeRequestSchema = z.strictObject({
  api: z.enum(nativeApis),
  body: z.record(z.string(), z.unknown()).describe("The request's body, or the part of it that NOCP has no field for."),
  whole: z.boolean().describe("Whether the body alone is what a provider with this API is sent; otherwise it is added."),
  untranslated: z
    .array(z.string().max(128))
    .max(256)
    .describe("Fields of the body that change the answer and exist in this API alone: no other provider is asked."),
});
/** A vendor's own request; `model` and how it is streamed are set when it is sent. */
export type NativeRequest = z.infer<typeof nativeRequestSchema>;
export type NativeApi = NativeRequest["api"];
