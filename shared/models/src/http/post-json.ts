// JSON to a vendor's server and back without its SDK: bounded in time and size, tried twice, its failures in the words of the catalogue.
import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { pause, retry } from "@nocp/contracts/retry.ts";
import { isErrorBody, isUnbilled, isUnbilledStatus } from "../failures/is-unbilled.ts";

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
  /** Hears of each call that was sent and came to nothing, before the call that is made in its place. */
  readonly onFailedCall?: ((call: FailedPost) => void) | undefined;
}

/** What is known of a call whose answer is not used: for its bill. */
export interface FailedPost {
  /** Undefined for a call that was ended from outside. */
  readonly errorCode: string | undefined;
  /** The vendor certainly did not bill it. */
  readonly isUnbilled: boolean;
  /** The status of HTTP; undefined where no answer came. */
  readonly status: number | undefined;
  /** What was answered with the status 200, as JSON; undefined where nothing was. */
  readonly answer: unknown;
}

/** What is known of a call while it runs. */
interface PostProgress {
  isSent: boolean;
  status?: number;
  answer?: unknown;
  /** By fetch. */
  thrown?: unknown;
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
  let progress: PostProgress = { isSent: false };
  const delayAfter = (error: unknown, attempt: number): number => {
    options.signal?.throwIfAborted();
    // What was answered is billed, and comes out the same when it is asked for again.
    const mayRepeat = error instanceof NocpError && error.mayPass && progress.answer === undefined;
    if (!mayRepeat || attempt === attempts) throw error;
    return retryWaitMs;
  };
  const post = async (): Promise<T> => {
    progress = { isSent: false };
    try {
      return await postOnce(address, body, read, options, progress);
    } catch (error) {
      if (progress.isSent) options.onFailedCall?.(failedPost(error, progress));
      throw error;
    }
  };
  return retry(post, delayAfter, (delayMs) => pause(delayMs, options.signal));
}

async function postOnce<T>(
  address: ModelAddress,
  body: object,
  read: (answer: unknown) => T,
  { headers, fetch: fetchFrom, signal }: PostOptions,
  progress: PostProgress,
): Promise<T> {
  const { url, timeoutMs } = address;
  const post = async (bounded: AbortSignal) => {
    progress.isSent = true;
    const response = await fetchFrom(url, {
      method: "POST",
      redirect: "error",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal: bounded,
    });
    progress.status = response.status;
    return { status: response.status, text: await boundedText(response, address) };
  };
  const onTimeout = () => new NocpError("PROVIDER_TIMEOUT", `${nameOf(address)} did not answer within ${timeoutMs} ms`);
  const { status, text } = await withTimeLimit(post, { timeoutMs, onTimeout, signal }).catch((error: unknown) => {
    progress.thrown = error;
    signal?.throwIfAborted();
    if (error instanceof NocpError) throw error;
    throw new NocpError("PROVIDER_UNREACHABLE", `${nameOf(address)} cannot be reached: ${causeOf(error)}`, { cause: error });
  });
  if (status !== 200) throw refusal(status, address);
  progress.answer = parseJson(text);
  try {
    return read(progress.answer);
  } catch (error) {
    if (!(error instanceof NocpError)) throw invalidAnswer(address, "it reports an error", error);
    throw error.withMessage(`${nameOf(address)}: ${error.message}`);
  }
}

function failedPost(error: unknown, { status, answer, thrown }: PostProgress): FailedPost {
  const errorCode = error instanceof NocpError ? error.code : undefined;
  if (status === undefined) return { errorCode, isUnbilled: isUnbilled(thrown), status, answer };
  return { errorCode, isUnbilled: status === 200 ? isErrorBody(answer) : isUnbilledStatus(status), status, answer };
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
export const invalidAnswer = (address: ModelAddress, problem: string, cause?: unknown): NocpError =>
  new NocpError("PROVIDER_INVALID_RESPONSE", `${nameOf(address)}: ${problem}`, cause === undefined ? {} : { cause });

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
