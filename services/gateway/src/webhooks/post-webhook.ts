// One try to deliver a webhook, to an address that was checked when it was given and is checked again now.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { checkUrl, type UrlAccess } from "@nocp/runtime/network/check-url.ts";
import { createCheckedLookup, type ResolveHost } from "@nocp/runtime/network/checked-lookup.ts";
import { Agent, request } from "undici";

const timeoutMs = 15_000;

/** @returns the receiver's status; undefined when it could not be reached. @throws NocpError HOST_NOT_ALLOWED */
export type PostWebhook = (
  url: URL,
  access: UrlAccess,
  headers: Readonly<Record<string, string>>,
  payload: string,
  signal: AbortSignal,
) => Promise<number | undefined>;

/** Redirects are not followed: an address that moved is to be given anew. */
export const createWebhookPost =
  (resolveHost: ResolveHost): PostWebhook =>
  async (url, access, headers, payload, signal) => {
    checkUrl(url, access);
    const dispatcher = new Agent({ connect: { lookup: createCheckedLookup(resolveHost, access), timeout: timeoutMs } });
    try {
      const { statusCode, body } = await request(url, {
        dispatcher,
        method: "POST",
        headers: { "content-type": "application/json", "user-agent": "nocp", ...headers },
        body: payload,
        signal,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      body.on("error", () => {}).destroy();
      return statusCode;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof NocpError && error.code === "HOST_NOT_ALLOWED") throw error;
      return undefined;
    } finally {
      await dispatcher.destroy();
    }
  };
