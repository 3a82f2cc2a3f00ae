// OpenAI's SDK, told to keep out of what is NOCP's business: retries, the environment and the log.
import { OpenAI } from "openai/client";

/** The longest timer there is: waiting is bounded by the signal of the call. */
const neverMs = 2 ** 31 - 1;

export interface OpenAiClientOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
}

export const createOpenAiClient = ({ apiKey, baseUrl, fetch }: OpenAiClientOptions): OpenAI =>
  new OpenAI({
    apiKey,
    baseURL: baseUrl,
    fetch,
    maxRetries: 0,
    timeout: neverMs,
    // Absent ones are read from the environment.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    // It would write pieces of answers to the console.
    logLevel: "off",
  });

/** Asks for the list of models, and reads none of it. */
export async function checkOpenAi(client: OpenAI, signal: AbortSignal): Promise<void> {
  const response = await client.models.list({ signal }).asResponse();
  await response.body?.cancel();
}
