// Asks an address whether a NATS server listens there: it greets every connection with one INFO line.
import { connect } from "node:net";

/** What the greeting says, of the NATS client protocol's INFO. */
export interface NatsGreeting {
  readonly version: string;
  readonly jetstream: boolean;
  readonly maxPayloadBytes: number;
}

export interface NatsAddress {
  readonly host: string;
  readonly port: number;
}

/** The first server of a comma-separated list; scheme and port may be missing. */
export function natsAddressOf(url: string): NatsAddress {
  const first = url.split(",")[0]?.trim() ?? "";
  const parsed = new URL(/^[a-z]+:\/\//i.test(first) ? first : `nats://${first}`);
  return { host: parsed.hostname.replace(/^\[|\]$/g, "") || "127.0.0.1", port: Number(parsed.port) || 4222 };
}

/** @returns `undefined` when nobody answers within the time, or it is not NATS. */
export function probeNats({ host, port }: NatsAddress, timeoutMs: number): Promise<NatsGreeting | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let text = "";
    const settle = (greeting: NatsGreeting | undefined) => {
      socket.destroy();
      resolve(greeting);
    };
    socket.setTimeout(timeoutMs, () => settle(undefined));
    socket.on("error", () => settle(undefined));
    socket.on("close", () => settle(undefined));
    socket.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
      const end = text.indexOf("\r\n");
      if (end !== -1) settle(parseGreeting(text.slice(0, end)));
    });
  });
}

function parseGreeting(line: string): NatsGreeting | undefined {
  if (!line.startsWith("INFO ")) return undefined;
  try {
    const fields = JSON.parse(line.slice(5)) as { version?: string; jetstream?: boolean; max_payload?: number };
    return { version: fields.version ?? "0.0.0", jetstream: fields.jetstream === true, maxPayloadBytes: fields.max_payload ?? 0 };
  } catch {
    return undefined;
  }
}
