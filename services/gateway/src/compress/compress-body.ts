// What a client sends to POST /v1/compress: the form of headroom's endpoint of that name, so that clients of that one fit.
import { gatewayCompressionModes } from "@nocp/contracts/gateway-key.ts";
import { InvalidField } from "@nocp/models/server-api.ts";
import { z } from "zod";

/** headroom's modes: with references to an archive, or a stronger compression without any; NOCP has one strength. */
const headroomModes = ["ccr", "lossy_inline", "lossless_then_lossy"] as const;

const messageSchema = z.record(z.string(), z.unknown());
export type CompressedMessage = z.infer<typeof messageSchema>;

const configSchema = z.object({
  mode: z
    .enum([...headroomModes, ...gatewayCompressionModes])
    .nullish()
    .describe("ccr: what is removed can be fetched back; lossless: nothing is removed; off: everything stays."),
  target_ratio: z.number().gt(0).max(1).nullish().describe("Tokens after over tokens before, of what may be compressed."),
  protect_recent: z.int().min(0).nullish().describe("Messages at the end that stay as they are."),
  frozen_message_count: z.int().min(0).nullish().describe("Messages at the beginning that stay as they are."),
  compress_user_messages: z.boolean().nullish().describe("Also messages of the user, but for the last one."),
  protect_analysis_context: z.boolean().nullish().describe("Accepted: messages of the user and the model stay in any case."),
  session_id: z
    .string()
    .trim()
    .min(1)
    .max(256)
    .nullish()
    .describe("What was returned for a message before is returned again, so that vendors' prompt caches hold."),
});

export const compressBodySchema = z
  .object({
    model: z.string().min(1).describe("Whose tokens are counted."),
    messages: z.array(messageSchema).max(10_000).optional().describe("As in OpenAI's Chat Completions or Anthropic's Messages."),
    input: z.array(messageSchema).max(10_000).optional().describe("Instead of messages: items of OpenAI's Responses."),
    token_budget: z.int().positive().nullish().describe("Maximum number of tokens for all messages."),
    config: configSchema.default({}),
  })
  .refine(({ messages, input }) => (messages ?? input) !== undefined, {
    message: "is missing, and so is input",
    path: ["messages"],
  });
export type CompressBody = z.infer<typeof compressBodySchema>;

/** @throws InvalidField */
export function parseCompressBody(body: unknown): CompressBody {
  const checked = compressBodySchema.safeParse(body);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new InvalidField(issue?.path.join(".") || "body", issue?.message ?? "is wrong");
  }
  const { session_id: session, compress_user_messages: takesUser } = checked.data.config;
  if (session && takesUser)
    throw new InvalidField(
      "config.compress_user_messages",
      "cannot be combined with config.session_id: it would change sent text",
    );
  return checked.data;
}
