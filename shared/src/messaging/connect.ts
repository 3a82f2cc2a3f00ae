// The connection to NATS: patient at the start, and back by itself after every outage.

import { readFileSync } from "node:fs";
import { connect, credsAuthenticator, type NatsConnection } from "@nats-io/transport-node";
import type { natsSection } from "../config/sections.ts";
import type { SectionValues } from "../config/setting.ts";
import { NocpError } from "../errors/nocp-error.ts";
import { isAtLeast, oldestServerVersion } from "./server-capabilities.ts";

export type { NatsConnection };

/** Short, so that an outage ends for everybody within a quarter of a second of the broker's return. */
const RECONNECT_WAIT_MS = 250;

export interface ConnectOptions {
  /** Shown in the server's list of connections. */
  readonly name: string;
  /** How long the first connection may take; a service that starts with its broker waits for it. */
  readonly firstConnectTimeoutMs: number;
}

/** @throws NocpError NOT_CONNECTED when no server answers in time, MISSING_DEPENDENCY when it is too old. */
export async function connectToNats(
  settings: SectionValues<typeof natsSection>,
  options: ConnectOptions,
): Promise<NatsConnection> {
  const giveUpAt = Date.now() + options.firstConnectTimeoutMs;
  for (;;) {
    try {
      const connection = await connect({
        servers: settings.url.split(",").map((server) => server.trim()),
        name: options.name,
        maxReconnectAttempts: -1,
        reconnectTimeWait: RECONNECT_WAIT_MS,
        reconnectJitter: RECONNECT_WAIT_MS,
        timeout: 5000,
        ignoreAuthErrorAbort: true,
        // Otherwise the client makes two error objects with stacks for every request, in case one fails.
        noAsyncTraces: true,
        ...(settings.user === "" ? {} : { user: settings.user, pass: settings.password }),
        ...(settings.token === "" ? {} : { token: settings.token }),
        ...(settings.credentialsFile === "" ? {} : { authenticator: credsAuthenticator(readFileSync(settings.credentialsFile)) }),
      });
      const version = connection.info?.version ?? "0.0.0";
      if (!isAtLeast(version, oldestServerVersion)) {
        await connection.close();
        throw new NocpError("MISSING_DEPENDENCY", `nats-server ${version} is too old: ${oldestServerVersion} or newer is needed`);
      }
      return connection;
    } catch (error) {
      if (error instanceof NocpError) throw error;
      if (Date.now() >= giveUpAt) {
        throw new NocpError("NOT_CONNECTED", `no NATS at ${settings.url}: ${(error as Error).message}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
