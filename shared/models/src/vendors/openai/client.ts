// A server that speaks OpenAI's HTTP. Not through OpenAI's SDK: its copies of options, headers and signals take more processor
// time than the rest of an ordinary call, and NOCP has retries, time limits and errors of its own.
import { discardBody } from "../../answers/answer-body.ts";
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
  /** Asks for the list of models, and reads none of it. @throws what `post` throws. */
  check(signal: AbortSignal): Promise<void>;
}

export function createOpenAiClient({ apiKey, baseUrl, fetch: fetchFrom }: OpenAiClientOptions): OpenAiClient {
  const base = withoutSlash(baseUrl);
  const headers = {
    accept: "application/json",
    "content-type": "application/json",
    "user-agent": "nocp",
    authorization: `Bearer ${apiKey}`,
  };
  const accepted = async (response: Response): Promise<Response> => {
    if (response.ok) return response;
    throw new VendorRefusal(response, await response.text());
  };
  return {
    post: async (path, body, signal) =>
      accepted(await fetchFrom(base + path, { method: "POST", headers, body: JSON.stringify(body), signal })),
    async check(signal) {
      const { authorization } = headers;
      const response = await accepted(await fetchFrom(`${base}/models`, { headers: { authorization }, signal }));
      await discardBody(response);
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
