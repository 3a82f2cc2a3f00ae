// Whether a call may be made: by its key, or from this machine where no key is set.
import { createHash, timingSafeEqual } from "node:crypto";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface AccessSettings {
  readonly host: string;
  readonly apiKey: string;
  readonly allowAnonymous: boolean;
}

/** @returns why a call is refused; undefined when it is not. */
export type Authenticate = (headers: Headers) => { readonly status: 401 | 403; readonly message: string } | undefined;

const isLoopback = (host: string): boolean => host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);

/** @throws NocpError INVALID_CONFIGURATION when anybody on the network could use the deployment's models. */
export function createAuthentication({ host, apiKey, allowAnonymous }: AccessSettings): Authenticate {
  if (apiKey !== "") {
    const expected = digestOf(apiKey);
    return (headers) => (timingSafeEqual(digestOf(keyOf(headers)), expected) ? undefined : { status: 401, message: wrongKey });
  }
  if (allowAnonymous) return () => undefined;
  if (!isLoopback(host)) {
    throw new NocpError("INVALID_CONFIGURATION", `gateway.host is ${host}, and no key protects it`, {
      advice:
        "Set gateway.apiKey (NOCP_GATEWAY_API_KEY), or a loopback address; gateway.allowAnonymous is for ports that only this machine reaches.",
    });
  }
  return (headers) => (isOwnName(String(headers.host ?? "")) ? undefined : { status: 403, message: foreignName });
}

const wrongKey = "The API key is missing or wrong: send it as Authorization: Bearer <key>, or as x-api-key.";
const foreignName = "Without a key, NOCP answers calls to localhost only.";

const digestOf = (key: string): Buffer => createHash("sha256").update(key).digest();

/** As OpenAI's clients send it, or Anthropic's. */
const keyOf = ({ authorization, "x-api-key": apiKey }: Headers): string =>
  /^Bearer\s+(.+)$/i.exec(String(authorization ?? ""))?.[1] ?? String(apiKey ?? "");

/** A page in a browser can point its own name at this machine; the name stays in the Host header. */
function isOwnName(hostHeader: string): boolean {
  const name = hostHeader.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return isLoopback(name);
}
