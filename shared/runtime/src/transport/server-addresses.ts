// The servers of the setting nats.url, and the user and password written into it, which the client takes no notice of.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { dropCredentials, hideCredentials } from "../config/url-credentials.ts";

export interface ServerAddresses {
  /** Without user and password. */
  readonly servers: readonly string[];
  /** Of the first address that has one; a user without a password is a token. */
  readonly credentials: { readonly user: string; readonly pass: string } | { readonly token: string } | undefined;
}

/** @param text addresses separated by commas; scheme and port may be missing. @throws NocpError INVALID_CONFIGURATION */
export function serverAddressesOf(text: string): ServerAddresses {
  const urls = text.split(",").map((address) => urlOf(address.trim()));
  const named = urls.find(({ username }) => username !== "");
  const user = decoded(named?.username ?? "");
  const pass = decoded(named?.password ?? "");
  return {
    servers: text.split(",").map((address) => dropCredentials(address.trim())),
    credentials: named === undefined ? undefined : pass === "" ? { token: user } : { user, pass },
  };
}

function urlOf(address: string): URL {
  try {
    return new URL(/^[a-z]+:\/\//i.test(address) ? address : `nats://${address}`);
  } catch {
    throw new NocpError("INVALID_CONFIGURATION", `nats.url: "${hideCredentials(address)}" is not the address of a server`, {
      advice: "Write nats://host:port; in a user or a password / ? # @ : , and % are percent-encoded, e.g. %40 for @.",
    });
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
