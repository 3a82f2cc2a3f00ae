// fetch for an MCP server: to the host of its URL alone, to no private address that is not meant, and of bounded answers.
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { FetchLike } from "@modelcontextprotocol/client";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { createCheckedLookup, type ResolveHost } from "@nocp/runtime/network/checked-lookup.ts";
import { isPublicAddress } from "@nocp/runtime/network/public-address.ts";
import { Agent, fetch, Response, type RequestInit as UndiciRequestInit } from "undici";

export interface FetchAccess {
  readonly url: URL;
  /** From the server's own settings. */
  readonly allowPrivate: boolean;
  /** From the settings of act. */
  readonly httpAllowPrivate: readonly string[];
  /** Of one answer to a call. */
  readonly maxBytes: number;
}

export interface CheckedFetch {
  readonly fetch: FetchLike;
  close(): Promise<void>;
}

const resolveAll: ResolveHost = (hostname) => lookup(hostname, { all: true });

/** Whoever writes an address or localhost into the settings means it. A name that turns out to be private may be a trick. */
const isPlainlyPrivate = ({ hostname }: URL): boolean => {
  const literal = hostname.replace(/^\[|\]$/g, "");
  return hostname === "localhost" || (isIP(literal) !== 0 && !isPublicAddress(literal));
};

/** @param resolveHost name resolution; every address it gives is checked. */
export function createCheckedFetch(access: FetchAccess, resolveHost: ResolveHost = resolveAll): CheckedFetch {
  const { url: server, allowPrivate, httpAllowPrivate, maxBytes } = access;
  // Requests to other hosts than the server's are refused below.
  const isMeant = allowPrivate || isPlainlyPrivate(server);
  const privateHosts = isMeant ? [...httpAllowPrivate, server.hostname] : httpAllowPrivate;
  const checkedLookup = createCheckedLookup(resolveHost, {
    httpAllowPrivate: privateHosts,
    privateSetting: "act.httpAllowPrivate",
  });
  const agent = new Agent({ connect: { lookup: checkedLookup } });
  return {
    async fetch(target, init) {
      const url = new URL(target);
      if (url.origin !== server.origin) {
        throw new NocpError("HOST_NOT_ALLOWED", `the server at ${server.host} redirects to ${url.host}`);
      }
      const { method, headers, body, signal, redirect } = init ?? {};
      // Node's types of fetch and undici's own describe the same and are written apart.
      const sent = { method, headers, body, signal, redirect } as UndiciRequestInit;
      const response = await fetch(url, { ...sent, dispatcher: agent }).catch((error: unknown) => {
        throw nearestCause(error, url);
      });
      const answer = init?.method === "POST" ? bounded(response, maxBytes) : response;
      return answer as unknown as Awaited<ReturnType<FetchLike>>;
    },
    close: () => agent.destroy(),
  };
}

/** "fetch failed" says nothing; below it is what refused the address, or what the system reported. */
function nearestCause(error: unknown, { host }: URL): unknown {
  if (!(error instanceof TypeError)) return error;
  const { cause } = error;
  if (cause instanceof NocpError) return cause;
  const { code, message } = (cause ?? error) as NodeJS.ErrnoException;
  return new TypeError(`${host} could not be reached: ${code ?? message}`, { cause });
}

/** Counts what comes out of a decoder, so that a small body that unpacks to gigabytes stops there. */
function bounded(response: Response, maxBytes: number): Response {
  if (response.body === null) return response;
  let bytes = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      bytes += piece.byteLength;
      if (bytes <= maxBytes) controller.enqueue(piece);
      else controller.error(new NocpError("TOOL_OUTPUT_TOO_LARGE", `the server's answer is larger than ${maxBytes} bytes`));
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(limit), { status, statusText, headers });
}
