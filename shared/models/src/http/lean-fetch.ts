// A fetch for vendors' SDKs, straight on undici's pools: none of what fetch does for browsers (streams of the web, copies of
// requests and responses, CORS), which takes more processor time than everything else in an ordinary call.
import type { Readable } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";

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
/** After the last event of a stream, the body's end is waited for so long. */
const endingMs = 1_000;

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
  return {
    fetch: async (input, init) => {
      if (input instanceof Request) throw new TypeError("the lean fetch takes an address, not a request");
      return send(dispatcher, new URL(input), init ?? {}, mostMoves);
    },
    close: () => dispatcher.destroy(),
  };
}

async function send(dispatcher: Dispatcher, url: URL, init: RequestInit, movesLeft: number): Promise<Response> {
  const { method = "GET", headers, body, signal } = init;
  if (body !== undefined && body !== null && typeof body !== "string" && !(body instanceof Uint8Array))
    throw new TypeError("the lean fetch sends text and bytes only");
  const answer = await dispatcher.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: method as Dispatcher.HttpMethod,
    ...(headers === undefined ? {} : { headers: new Headers(headers) }),
    body: body ?? null,
    signal: signal ?? null,
  });
  const location = movedStatuses.has(answer.statusCode) ? String(answer.headers.location ?? "") : "";
  const next = location === "" ? undefined : new URL(location, url);
  // A key is never carried to another server.
  if (next?.origin !== url.origin || movesLeft === 0) return new LeanResponse(answer, url.href);
  await answer.body.dump();
  return send(dispatcher, next, init, movesLeft - 1);
}

/** The part of a response that the SDKs and the readers of answers use. */
export class LeanResponse implements Response {
  readonly status: number;
  readonly url: string;
  readonly statusText = "";
  readonly redirected = false;
  readonly type = "default";
  /** The body as it comes, decompressed; to be read once. */
  readonly pieces: Readable;
  readonly #raw: Dispatcher.ResponseData["headers"];
  #headers: Headers | undefined;

  constructor({ statusCode, headers, body }: Dispatcher.ResponseData, url: string) {
    this.status = statusCode;
    this.url = url;
    this.#raw = headers;
    this.pieces = decompressed(body, String(headers["content-encoding"] ?? ""));
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get headers(): Headers {
    this.#headers ??= headersOf(this.#raw);
    return this.#headers;
  }

  /** None of the web's: `pieces` is the body. */
  get body(): null {
    return null;
  }

  get bodyUsed(): boolean {
    return this.pieces.readableDidRead;
  }

  /**
   * Nothing more of the body matters. What is left of it, as a rule the end, is read to no purpose but that the connection can be
   * used again; one that does not end soon is closed.
   * @param mayEnd false closes it at once.
   */
  release(mayEnd: boolean): void {
    const { pieces } = this;
    if (pieces.readableEnded || pieces.destroyed) return;
    // Closing a body is an error to undici, and one that nobody listens to ends the process.
    pieces.on("error", () => undefined);
    if (!mayEnd) return void pieces.destroy();
    const timer = setTimeout(() => pieces.destroy(), endingMs).unref();
    pieces.once("close", () => clearTimeout(timer)).resume();
  }

  text(): Promise<string> {
    return textOf(this.pieces);
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

function decompressed(body: Readable, encoding: string): Readable {
  const unpack = { gzip: createGunzip, "x-gzip": createGunzip, br: createBrotliDecompress, deflate: createInflate }[encoding];
  if (!unpack) return body;
  const unpacked = unpack();
  body.once("error", (error) => unpacked.destroy(error));
  unpacked.once("close", () => body.destroy());
  return body.pipe(unpacked);
}

function headersOf(raw: Dispatcher.ResponseData["headers"]): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one);
  }
  return headers;
}
