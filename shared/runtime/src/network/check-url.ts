// Whether a URL may be called, as far as it says so itself; its name's addresses are checked when it is resolved.
import { isIP } from "node:net";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { addressRefused } from "./address-refused.ts";
import { isAllowedHost, mayBePrivate } from "./host-pattern.ts";
import { isPublicAddress } from "./public-address.ts";

/** Which hosts may have private addresses. */
export interface PrivateAccess {
  readonly httpAllowPrivate: readonly string[];
  /** The setting that lists them, for the advice. */
  readonly privateSetting: string;
}

export interface UrlAccess extends PrivateAccess {
  readonly httpHosts: readonly string[];
}

/**
 * An address in the URL itself never passes through name resolution, so it is judged here.
 * @throws NocpError HOST_NOT_ALLOWED
 */
export function checkUrl(url: URL, access: UrlAccess): void {
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new NocpError("HOST_NOT_ALLOWED", `only http and https are allowed, not ${url.protocol}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new NocpError("HOST_NOT_ALLOWED", `the URL for ${url.host} contains credentials`, { advice: "Leave them out." });
  }
  if (!isAllowedHost(url, access.httpHosts)) {
    throw new NocpError("HOST_NOT_ALLOWED", `${url.host} is not on the allowlist`);
  }
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(literal) !== 0 && !isPublicAddress(literal) && !mayBePrivate(url.hostname, access.httpAllowPrivate)) {
    throw addressRefused(url.hostname, access.privateSetting);
  }
}
