// Who makes a call, and whether it may be made: by its key, or from this machine where there are no keys.
import { timingSafeEqual } from "node:crypto";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { digestOfKey, type GatewayKey } from "@nocp/contracts/gateway-key.ts";
import { keyProofOf, keyProofSecret } from "@nocp/contracts/key-proof.ts";
import { defaultTenant } from "@nocp/contracts/topology.ts";
import { anyOrigin } from "./allow-origins.ts";
import type { KeyRing } from "./key-ring.ts";

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface AccessSettings {
  readonly host: string;
  readonly apiKey: string;
  readonly allowAnonymous: boolean;
  readonly corsOrigins: readonly string[];
}

/** What a caller may do. */
export interface Access extends Pick<GatewayKey, "tenant" | "models" | "lanes" | "compression" | "payloads" | "paths" | "admin"> {
  /** Of the caller's key, with the proof that a gateway set it; absent for callers without one. */
  readonly billed?: { readonly key: string; readonly keyProof: string };
}

/** Of callers without a key. */
const anonymousAccess: Access = { tenant: defaultTenant, models: [], lanes: [], compression: null };
/** Of the key from the settings. */
const fullAccess: Access = { ...anonymousAccess, admin: true };

export interface Denial {
  readonly status: 401 | 403;
  readonly message: string;
}

export type Authenticate = (headers: Headers) => { readonly access: Access } | { readonly denial: Denial };

const isLoopback = (host: string): boolean => host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);

/** @throws NocpError INVALID_CONFIGURATION when anybody on the network could use the deployment's models. */
export function createAuthentication(
  { host, apiKey, allowAnonymous, corsOrigins }: AccessSettings,
  keys: Pick<KeyRing, "find" | "isEmpty">,
  proofSecret: string,
): Authenticate {
  if (!isLoopback(host) && apiKey === "" && keys.isEmpty && !allowAnonymous) {
    throw new NocpError("INVALID_CONFIGURATION", `gateway.host is ${host}, and there is no key`, {
      advice: "Create a key with ./nocp keys create, set gateway.apiKey, or choose a loopback address.",
    });
  }
  const expected = digestOf(apiKey);
  return (headers) => {
    const shown = keyOf(headers);
    const key = shown === "" ? undefined : keys.find(shown);
    if (key) return { access: { ...key, billed: { key: key.id, keyProof: keyProofOf(proofSecret, key.tenant, key.id) } } };
    if (apiKey !== "" && timingSafeEqual(digestOf(shown), expected)) return { access: fullAccess };
    if (apiKey !== "" || !keys.isEmpty) return { denial: { status: 401, message: wrongKey } };
    // Any page that somebody happens to visit could use the models.
    if (corsOrigins.includes(anyOrigin) && isOfOtherOrigin(headers)) return { denial: { status: 401, message: anyPage } };
    if (allowAnonymous || (isLoopback(host) && isOwnName(String(headers.host ?? "")))) return { access: anonymousAccess };
    // The last key was deleted while others can reach the address.
    return isLoopback(host) ? { denial: { status: 403, message: foreignName } } : { denial: { status: 401, message: wrongKey } };
  };
}

/** @param secret gives one that gateways and the first stage share. @throws as `createAuthentication`. */
export const openAuthentication = async (
  settings: AccessSettings,
  keys: Pick<KeyRing, "find" | "isEmpty">,
  secret: (name: string) => Promise<string>,
): Promise<Authenticate> => createAuthentication(settings, keys, await secret(keyProofSecret));

const wrongKey = "The API key is missing, wrong or expired: send it as Authorization: Bearer <key>, or as x-api-key.";
const anyPage = "Where gateway.corsOrigins allows every page, pages need a key.";
const foreignName = "Without a key, NOCP answers calls to localhost only.";

/** Of one length for keys of every length, as a comparison in constant time needs it. */
const digestOf = (key: string): Buffer => Buffer.from(digestOfKey(key), "hex");

/** As OpenAI's clients send it, or Anthropic's. */
const keyOf = ({ authorization, "x-api-key": apiKey }: Headers): string =>
  /^Bearer (.+)$/i.exec(String(authorization ?? ""))?.[1]?.trim() ?? String(apiKey ?? "");

/** A page in a browser can point its own name at this machine; the name stays in the Host header. */
const isOwnName = (hostHeader: string): boolean => isLoopback(hostHeader.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1"));

/** NOCP's own page has the address that it calls. */
const isOfOtherOrigin = ({ origin, host }: Headers): boolean =>
  origin !== undefined && URL.parse(String(origin))?.host !== String(host ?? "");
