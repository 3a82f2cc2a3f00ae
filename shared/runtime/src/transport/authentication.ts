// How a connection to NATS says who it is: from the settings, or else from what stands in the addresses.
import { readFileSync } from "node:fs";
import { type Authenticator, credsAuthenticator, type NodeConnectionOptions, nkeyAuthenticator } from "@nats-io/transport-node";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import type { natsSection } from "../config/sections.ts";
import { inboxPrefixOf } from "./inbox.ts";
import type { ServerAddresses } from "./server-addresses.ts";

type NatsSettings = SectionValues<typeof natsSection>;
export type Authentication = Pick<NodeConnectionOptions, "user" | "pass" | "token" | "authenticator"> & {
  /** Begins the subjects on which replies arrive. */
  readonly inboxPrefix: string;
  /** The name that it connects under; empty where a key or a token says who it is. */
  readonly userName: string;
};

/**
 * Files are read at each connection, so that a secret that was replaced is used from the next one.
 * @throws NocpError INVALID_CONFIGURATION when a file cannot be read or holds no key.
 */
export function authenticationOf(settings: NatsSettings, { credentials }: ServerAddresses): Authentication {
  const named = ownAuthentication(settings) ?? credentials ?? {};
  const userName = settings.user || ("user" in named ? (named.user ?? "") : "");
  return { ...named, userName, inboxPrefix: settings.inboxPrefix || inboxPrefixOf(userName) };
}

function ownAuthentication(settings: NatsSettings): Omit<Authentication, "inboxPrefix" | "userName"> | undefined {
  const { user, password, passwordFile, token, credentialsFile, nkeyFile } = settings;
  if (credentialsFile !== "") return fromFile("credentialsFile", credentialsFile, (bytes) => credsAuthenticator(bytes));
  if (nkeyFile !== "") return fromFile("nkeyFile", nkeyFile, (bytes) => nkeyAuthenticator(trimmed(bytes)));
  if (passwordFile !== "") {
    const login = (bytes: Uint8Array): Authenticator => {
      const pass = new TextDecoder().decode(trimmed(bytes));
      return () => ({ user, pass });
    };
    return fromFile("passwordFile", passwordFile, login);
  }
  if (user !== "") return { user, pass: password };
  return token === "" ? undefined : { token };
}

/** Read now, so that a mistake is reported at the start; a file that is being replaced later leaves what it held before. */
function fromFile(setting: string, file: string, use: (content: Uint8Array) => Authenticator): { authenticator: Authenticator } {
  const read = () => use(readFileSync(file));
  let latest: Authenticator;
  try {
    latest = read();
    // A key is looked at when it signs.
    latest("a nonce");
  } catch (error) {
    throw new NocpError("INVALID_CONFIGURATION", `nats.${setting}: ${(error as Error).message}`, { cause: error });
  }
  return {
    authenticator: (nonce) => {
      try {
        latest = read();
      } catch {
        // Not there at this moment.
      }
      return latest(nonce);
    },
  };
}

const trimmed = (bytes: Uint8Array): Uint8Array => new TextEncoder().encode(new TextDecoder().decode(bytes).trim());
