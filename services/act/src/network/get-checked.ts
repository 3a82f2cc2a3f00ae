// A GET request whose host and address are checked, at the start and on every redirect.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { checkUrl } from "@nocp/runtime/network/check-url.ts";
import { createCheckedLookup, type ResolveHost } from "@nocp/runtime/network/checked-lookup.ts";
import { Agent, type Dispatcher, request } from "undici";
import { readBody } from "./read-body.ts";

/** act's settings. */
export interface HttpAccess {
  readonly httpHosts: readonly string[];
  readonly httpAllowPrivate: readonly string[];
}

export interface GetLimits {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export interface HttpAnswer {
  /** Where the redirects ended. */
  readonly url: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

const maxRedirects = 5;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
/** May pass on a second try: too early, too many requests, and failures of servers on the way. */
const passingStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * @throws NocpError HOST_NOT_ALLOWED, TOOL_REFUSED for an answer that asking again would repeat, TOOL_FAILED for one
 *   that may pass, TOOL_OUTPUT_TOO_LARGE.
 */
export async function getChecked(
  start: URL,
  settings: HttpAccess,
  limits: GetLimits,
  resolveHost: ResolveHost,
): Promise<HttpAnswer> {
  const access = { ...settings, privateSetting: "act.httpAllowPrivate" };
  const lookup = createCheckedLookup(resolveHost, access);
  const agent = new Agent({ connect: { lookup, timeout: limits.timeoutMs }, pipelining: 0 });
  try {
    let url = start;
    for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
      checkUrl(url, access);
      const response = await send(url, agent, limits);
      if (!redirectStatuses.has(response.statusCode)) return await answerOf(url, response, limits.maxBytes);
      response.body.on("error", () => {}).destroy();
      url = redirectTarget(url, headerOf(response, "location"));
    }
    throw new NocpError("TOOL_REFUSED", `${start.host} redirected more than ${maxRedirects} times`);
  } finally {
    await agent.destroy();
  }
}

async function send(url: URL, dispatcher: Dispatcher, { signal, timeoutMs }: GetLimits): Promise<Dispatcher.ResponseData> {
  const headers = { accept: "application/json, text/*;q=0.9, */*;q=0.1", "accept-encoding": "gzip, br", "user-agent": "nocp" };
  try {
    return await request(url, { dispatcher, signal, headers, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NocpError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new NocpError("TOOL_FAILED", `${url.host} could not be reached: ${code ?? message}`, { cause: error });
  }
}

async function answerOf(url: URL, response: Dispatcher.ResponseData, maxBytes: number): Promise<HttpAnswer> {
  const { statusCode: status } = response;
  if (status < 200 || status > 299) {
    response.body.on("error", () => {}).destroy();
    const seconds = Number(headerOf(response, "retry-after"));
    throw new NocpError(passingStatuses.has(status) ? "TOOL_FAILED" : "TOOL_REFUSED", `${url.host} answered ${status}`, {
      ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
    });
  }
  const body = await readBody(response.body, headerOf(response, "content-encoding").toLowerCase(), maxBytes);
  return { url: url.href, status, contentType: headerOf(response, "content-type"), body };
}

function redirectTarget(from: URL, location: string): URL {
  const target = location === "" ? null : URL.parse(location, from.href);
  if (!target) throw new NocpError("TOOL_REFUSED", `${from.host} redirects without a valid target`);
  if (from.protocol === "https:" && target.protocol === "http:") {
    throw new NocpError("HOST_NOT_ALLOWED", `${from.host} redirects from https to http`);
  }
  return target;
}

function headerOf(response: Dispatcher.ResponseData, name: string): string {
  const value = response.headers[name];
  // A header that comes several times means a list: https://www.rfc-editor.org/rfc/rfc9110#section-5.3
  return (Array.isArray(value) ? value.join(", ") : value) ?? "";
}
