// The connection to NATS: patient at the start, and back by itself after every outage.

import { readFileSync } from "node:fs";
import {
  AuthorizationError,
  connect,
  credsAuthenticator,
  type NatsConnection,
  type NodeConnectionOptions,
  UserAuthenticationExpiredError,
} from "@nats-io/transport-node";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { giveUpAfter, retry } from "@nocp/contracts/retry.ts";
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import type { natsSection } from "../config/sections.ts";
import { inboxPrefixOf } from "./inbox.ts";
import { type ServerAddresses, serverAddressesOf } from "./server-addresses.ts";
import { isAtLeast, oldestServerVersion } from "./server-capabilities.ts";

export type { NatsConnection };

/** Short, so that an outage ends for everybody within a quarter of a second of the broker's return. */
const reconnectWaitMs = 250;
const firstConnectRetryMs = 100;

export interface ConnectOptions {
  /** Shown in the server's list of connections. */
  readonly name: string;
  /** How long the first connection may take; a service that starts with its broker waits for it. */
  readonly firstConnectTimeoutMs: number;
}

/**
 * @throws NocpError NOT_CONNECTED when no server answers in time, NOT_AUTHORIZED when one refuses the user, at once;
 * MISSING_DEPENDENCY when it is too old, INVALID_CONFIGURATION for settings that cannot be used.
 */
export async function connectToNats(
  settings: SectionValues<typeof natsSection>,
  options: ConnectOptions,
): Promise<NatsConnection> {
  const until = giveUpAfter(options.firstConnectTimeoutMs);
  const addresses = serverAddressesOf(settings.url);
  const authentication = authenticationOf(settings, addresses);
  const where = addresses.servers.join(", ");
  const connectOnce = async () => {
    const connection = await connect({
      servers: [...addresses.servers],
      name: options.name,
      maxReconnectAttempts: -1,
      reconnectTimeWait: reconnectWaitMs,
      reconnectJitter: reconnectWaitMs,
      timeout: 5000,
      ignoreAuthErrorAbort: true,
      // Otherwise the client makes two error objects with stacks for every request, in case one fails.
      noAsyncTraces: true,
      inboxPrefix: inboxPrefixOf(authentication.user ?? ""),
      ...authentication,
    });
    const version = connection.info?.version ?? "0.0.0";
    if (isAtLeast(version, oldestServerVersion)) return connection;
    await connection.close();
    throw new NocpError("MISSING_DEPENDENCY", `nats-server ${version} is too old: ${oldestServerVersion} or newer is needed`);
  };
  return retry(connectOnce, (error) => {
    if (error instanceof NocpError) throw error;
    if (error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError) {
      throw new NocpError("NOT_AUTHORIZED", `NATS at ${where} refuses the connection: ${error.message}`, { cause: error });
    }
    if (until.aborted)
      throw new NocpError("NOT_CONNECTED", `cannot reach NATS at ${where}: ${(error as Error).message}`, { cause: error });
    return firstConnectRetryMs;
  });
}

/** The user that the settings or addresses name; empty for none. */
export const userOf = (settings: SectionValues<typeof natsSection>): string =>
  authenticationOf(settings, serverAddressesOf(settings.url)).user ?? "";

type Authentication = Pick<NodeConnectionOptions, "user" | "pass" | "token" | "authenticator">;

/** What the settings name, or else what stands in the addresses. */
function authenticationOf(settings: SectionValues<typeof natsSection>, { credentials }: ServerAddresses): Authentication {
  const { user, password, token, credentialsFile } = settings;
  if (user === "" && token === "" && credentialsFile === "") return credentials ?? {};
  return {
    ...(user === "" ? {} : { user, pass: password }),
    ...(token === "" ? {} : { token }),
    ...(credentialsFile === "" ? {} : { authenticator: credsAuthenticator(readCredentials(credentialsFile)) }),
  };
}

function readCredentials(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new NocpError("INVALID_CONFIGURATION", `nats.credentialsFile: ${(error as Error).message}`, { cause: error });
  }
}
