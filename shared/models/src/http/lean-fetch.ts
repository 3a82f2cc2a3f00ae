// A fetch for vendors' SDKs, straight on undici's pools: none of what fetch does for browsers (streams of the web, copies of
// requests and responses, CORS), which takes more processor time than everything else in an ordinary call.
import { pipeline, Readable, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import { ResponseBody } from "./response-body.ts";

export interface LeanFetchOptions {
  /** Longest wait for a connection, TLS included. */
  readonly connectMs: number;
  /** Whether HTTP_PROXY, HTTPS_PROXY and NO_PROXY are heeded, as Node's own fetch does with NODE_USE_ENV_PROXY=1. */
  readonly useProxy: boolean;
}

export interface LeanFetch {
  readonly fetch: typeof fetch;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** An idle connection is kept so long unless the server says otherwise. */
const keepAliveMs = 15_000;
/** 307 and 308: the same request to another place. Others would turn it into a GET. */
const movedStatuses = new Set([307, 308]);
const mostMoves = 3;
/** Addresses are the few of the vendors that are called. */
const mostAddresses = 100;

/** Time is bounded by the signal of each call: the pool itself waits for headers and bodies as long as it takes. */
export function createLeanFetch({ connectMs, useProxy }: LeanFetchOptions): LeanFetch {
  const options = {
    connect: { timeout: connectMs },
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepAliveMs,
    pipelining: 1,
  };
  const dispatcher: Dispatcher = useProxy ? new EnvHttpProxyAgent(options) : new Agent(options);
  const addresses = new Map<string, URL>();
  const addressOf = (text: string): URL => {
    const known = addresses.get(text);
    if (known) return known;
    const address = new URL(text);
    if (addresses.size < mostAddresses) addresses.set(text, address);
    return address;
  };
  return {
    fetch: async (input, init) => {
      if (input instanceof Request) throw new TypeError("the lean fetch takes an address, not a request");
      return send(dispatcher, typeof input === "string" ? addressOf(input) : input, init ?? {}, mostMoves);
    },
    close: () => dispatcher.destroy(),
  };
}

async function send(dispatcher: Dispatcher, url: URL, init: RequestInit, movesLeft: number): Promise<Response> {
  const answer = await answerTo(dispatcher, url, init);
  const location = movedStatuses.has(answer.status) ? (answer.header("location") ?? "") : "";
  const next = location === "" ? undefined : new URL(location, url);
  // A key is never carried to another server.
  if (next?.origin !== url.origin || movesLeft === 0) return answer;
  answer.release(true);
  return send(dispatcher, next, init, movesLeft - 1);
}

/** Resolves with the head of the response. @throws the signal's reason when it fires first; undici's errors. */
function answerTo(dispatcher: Dispatcher, url: URL, init: RequestInit): Promise<LeanResponse> {
  const { method = "GET", headers, body, signal } = init;
  if (body !== undefined && body !== null && typeof body !== "string" && !(body instanceof Uint8Array))
    throw new TypeError("the lean fetch sends text and bytes only");
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<LeanResponse>();
  let controller: Dispatcher.DispatchController | undefined;
  let received: ResponseBody | undefined;
  const onAbort = () => {
    reject(signal?.reason);
    controller?.abort(signal?.reason);
  };
  const stopListening = () => signal?.removeEventListener("abort", onAbort);
  signal?.addEventListener("abort", onAbort, { once: true });
  dispatcher.dispatch(
    {
      origin: url.origin,
      path: url.pathname + url.search,
      method: method as Dispatcher.HttpMethod,
      ...(headers === undefined ? {} : { headers: headerRecord(headers) }),
      body: body ?? null,
    },
    {
      onRequestStart(started) {
        controller = started;
        if (signal?.aborted) started.abort(signal.reason);
      },
      onResponseStart(started, status, responseHeaders) {
        // What comes before the answer itself, such as 103, is not it.
        if (status < 200) return;
        received = new ResponseBody(started);
        resolve(new LeanResponse({ status, headers: responseHeaders, body: received }, url.href));
      },
      onResponseData: (_controller, piece) => received?.push(piece),
      onResponseEnd() {
        stopListening();
        received?.end();
      },
      onResponseError(_controller, error) {
        stopListening();
        reject(error);
        received?.fail(error);
      },
    },
  );
  return promise;
}

const headerRecord = (headers: NonNullable<RequestInit["headers"]>): Record<string, string> | Headers =>
  headers instanceof Headers || Array.isArray(headers) ? new Headers(headers) : (headers as Record<string, string>);

type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

interface ReceivedResponse {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly body: ResponseBody;
}

/** The part of a response that the SDKs and the readers of answers use. */
export class LeanResponse implements Response {
  readonly status: number;
  readonly url: string;
  readonly statusText = "";
  readonly redirected = false;
  readonly type = "default";
  readonly #received: ResponseBody;
  readonly #encoding: string;
  readonly #raw: RawHeaders;
  #headers: Headers | undefined;
  #isRead = false;

  constructor({ status, headers, body }: ReceivedResponse, url: string) {
    this.status = status;
    this.url = url;
    this.#raw = headers;
    this.#received = body;
    this.#encoding = this.header("content-encoding") ?? "";
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get headers(): Headers {
    this.#headers ??= headersOf(this.#raw);
    return this.#headers;
  }

  /** The same, without an object for all of them. @param name in small letters. */
  header(name: string): string | null {
    const value = this.#raw[name];
    return value === undefined ? null : typeof value === "string" ? value : value.join(", ");
  }

  /** None of the web's: `pieces` has the body. */
  get body(): null {
    return null;
  }

  get bodyUsed(): boolean {
    return this.#isRead;
  }

  /** The body as it comes, decompressed; to be read once. */
  pieces(): AsyncIterable<Uint8Array> {
    this.#isRead = true;
    return decompressed(this.#received, this.#encoding);
  }

  /**
   * Nothing more of the body matters.
   * @param mayEnd false closes the connection at once, which is otherwise kept if the body ends soon.
   */
  release(mayEnd: boolean): void {
    this.#received.release(mayEnd);
  }

  async text(): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const piece of this.pieces()) text += decoder.decode(piece, { stream: true });
    return text + decoder.decode();
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.arrayBuffer());
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const whole = new TextEncoder().encode(await this.text());
    return whole.buffer;
  }

  async blob(): Promise<Blob> {
    return new Blob([await this.text()]);
  }

  formData(): never {
    throw new TypeError("a lean response is read as text");
  }

  clone(): never {
    throw new TypeError("a lean response is read once");
  }
}

const unpackers = { gzip: createGunzip, "x-gzip": createGunzip, br: createBrotliDecompress, deflate: createInflate } as const;

function decompressed(body: ResponseBody, encoding: string): AsyncIterable<Uint8Array> {
  const unpack = (unpackers as Readonly<Record<string, (() => Transform) | undefined>>)[encoding];
  if (unpack === undefined) return body;
  const unpacked = unpack();
  // What goes wrong is thrown to whoever reads.
  pipeline(Readable.from(body), unpacked, () => undefined);
  return unpacked;
}

function headersOf(raw: RawHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one);
  }
  return headers;
}
