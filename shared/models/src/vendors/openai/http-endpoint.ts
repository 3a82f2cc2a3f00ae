// A server that speaks OpenAI's HTTP, asked without the SDK: for services whose memory it would double.
import { type FailedPost, type ModelAddress, postJson, withoutSlash } from "../../http/post-json.ts";

export interface HttpEndpoint {
  /** With the version, e.g. `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** Empty for a server that needs none. */
  readonly apiKey: string;
  readonly timeoutMs: number;
}

export const addressOf = ({ baseUrl, model, timeoutMs }: HttpEndpoint, path: string): ModelAddress => ({
  url: `${withoutSlash(baseUrl)}${path}`,
  model,
  timeoutMs,
});

/** @throws NocpError of the `PROVIDER_*` codes. */
export const postTo = <T>(
  endpoint: HttpEndpoint,
  path: string,
  body: object,
  read: (answer: unknown) => T,
  fetchFrom: typeof fetch,
  signal: AbortSignal | undefined,
  onFailedCall?: (call: FailedPost) => void,
): Promise<T> =>
  postJson(addressOf(endpoint, path), { model: endpoint.model, ...body }, read, {
    headers: endpoint.apiKey === "" ? {} : { authorization: `Bearer ${endpoint.apiKey}` },
    fetch: fetchFrom,
    signal,
    onFailedCall,
  });
