// The connection to NATS: patient at the start, and back by itself after every outage.

import { AuthorizationError, connect, type NatsConnection, UserAuthenticationExpiredError } from "@nats-io/transport-node";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { giveUpAfter, retry } from "@nocp/contracts/retry.ts";
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import type { natsSection } from "../config/sections.ts";
import { type Authentication, authenticationOf } from "./authentication.ts";
import { serverAddressesOf } from "./server-addresses.ts";
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
  const { userName: _name, ...authentication } = authenticationOf(settings, addresses);
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

/** Who the settings say that this is. */
export function identityFor(settings: SectionValues<typeof natsSection>): Pick<Authentication, "inboxPrefix" | "userName"> {
  const { inboxPrefix, userName } = authenticationOf(settings, serverAddressesOf(settings.url));
  return { inboxPrefix, userName };
}
