// A server that speaks OpenAI's HTTP. Not through OpenAI's SDK: its copies of options, headers and signals take more processor
// time than the rest of an ordinary call, and NOCP has retries, time limits and errors of its own.
import { withoutSlash } from "../../http/post-json.ts";

export interface OpenAiClientOptions {
  readonly apiKey: string;
  /** With the version, e.g. `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
}

export interface OpenAiClient {
  /**
   * @param path after the base URL, e.g. `/chat/completions`.
   * @returns a response of the status 2xx. @throws VendorRefusal for any other; what `fetch` throws.
   */
  post(path: string, body: object, signal: AbortSignal): Promise<Response>;
}

export function createOpenAiClient({ apiKey, baseUrl, fetch: fetchFrom }: OpenAiClientOptions): OpenAiClient {
  const base = withoutSlash(baseUrl);
  const headers = {
    accept: "application/json",
    "content-type": "application/json",
    "user-agent": "nocp",
    authorization: `Bearer ${apiKey}`,
  };
  return {
    async post(path, body, signal) {
      const response = await fetchFrom(base + path, { method: "POST", headers, body: JSON.stringify(body), signal });
      if (response.ok) return response;
      throw new VendorRefusal(response, await response.text());
    },
  };
}

/** An answer of the status 4xx or 5xx, with what `providerFailureOf` looks for. Its message may quote keys and prompts. */
export class VendorRefusal extends Error {
  override readonly name = "VendorRefusal";
  readonly status: number;
  readonly headers: Headers;
  /** The body, where it is JSON. */
  readonly error: unknown;

  constructor({ status, headers }: Response, body: string) {
    super(body.trim() === "" ? `HTTP ${status}` : body);
    this.status = status;
    this.headers = headers;
    this.error = jsonOf(body);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
