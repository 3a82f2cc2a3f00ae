// JSON to a vendor's server and back without its SDK: bounded in time and size, tried twice, its failures in the words of the catalogue.
import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { pause, retry } from "@nocp/contracts/retry.ts";

export interface ModelAddress {
  readonly url: string;
  /** For messages. */
  readonly model: string;
  readonly timeoutMs: number;
}

export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal | undefined;
}

/** A failed call is made once more: there is always something to go on with after that. */
const attempts = 2;
const retryWaitMs = 250;
/** An answer that is longer is not read to its end. */
const maxAnswerBytes = 64 * 1024 * 1024;

/**
 * @param read takes the answer as parsed JSON, undefined when it is none; throws NocpError for one it cannot use.
 * @throws NocpError of the `PROVIDER_*` codes, without content and keys; the reason of the signal when it fires.
 */
export function postJson<T>(address: ModelAddress, body: object, read: (answer: unknown) => T, options: PostOptions): Promise<T> {
  const delayAfter = (error: unknown, attempt: number): number => {
    options.signal?.throwIfAborted();
    const mayRepeat = error instanceof NocpError && error.disposition === "retry";
    if (!mayRepeat || attempt === attempts) throw error;
    return retryWaitMs;
  };
  return retry(
    () => postOnce(address, body, read, options),
    delayAfter,
    (delayMs) => pause(delayMs, options.signal),
  );
}

async function postOnce<T>(
  address: ModelAddress,
  body: object,
  read: (answer: unknown) => T,
  { headers, fetch: fetchFrom, signal }: PostOptions,
): Promise<T> {
  const { url, timeoutMs } = address;
  const post = async (bounded: AbortSignal) => {
    const response = await fetchFrom(url, {
      method: "POST",
      redirect: "error",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal: bounded,
    });
    return { status: response.status, text: await boundedText(response, address) };
  };
  const onTimeout = () => new NocpError("PROVIDER_TIMEOUT", `${nameOf(address)} did not answer within ${timeoutMs} ms`);
  const { status, text } = await withTimeLimit(post, { timeoutMs, onTimeout, signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    if (error instanceof NocpError) throw error;
    throw new NocpError("PROVIDER_UNREACHABLE", `${nameOf(address)} cannot be reached: ${causeOf(error)}`, { cause: error });
  });
  if (status !== 200) throw refusal(status, address);
  try {
    return read(parseJson(text));
  } catch (error) {
    throw error instanceof NocpError ? new NocpError(error.code, `${nameOf(address)}: ${error.message}`) : error;
  }
}

async function boundedText(response: Response, address: ModelAddress): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw invalidAnswer(address, `its answer is longer than ${maxAnswerBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function refusal(status: number, address: ModelAddress): NocpError {
  const where = nameOf(address);
  if (status === 401 || status === 403) return new NocpError("PROVIDER_AUTH", `${where} refuses the API key: HTTP ${status}`);
  if (status === 429) return new NocpError("PROVIDER_RATE_LIMITED", `${where} reports a rate limit: HTTP 429`);
  if (status >= 500) return new NocpError("PROVIDER_UNAVAILABLE", `${where} reports an internal error: HTTP ${status}`);
  return new NocpError("PROVIDER_BAD_REQUEST", `${where} refuses the request: HTTP ${status}`);
}

/** A base URL to which a path is added. */
export const withoutSlash = (url: string): string => url.replace(/(?<!\/)\/+$/, "");

/** An answer that cannot be used. */
export const invalidAnswer = (address: ModelAddress, problem: string): NocpError =>
  new NocpError("PROVIDER_INVALID_RESPONSE", `${nameOf(address)}: ${problem}`);

/** The host without path, query and credentials, and the model. */
const nameOf = ({ url, model }: ModelAddress): string => `${URL.canParse(url) ? new URL(url).host : "the server"} (${model})`;

const causeOf = (error: unknown): string => {
  const { message, cause } = coerceError(error);
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : message;
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
