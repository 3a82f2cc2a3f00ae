// Looks every few seconds whether the broker has all that this service needs and stores what it is given: an operator may have
// deleted a stream, and a server whose disk was full answers everything but a write.
import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import type { Broker } from "./broker.ts";
import { keyValueStream } from "./expected-buckets.ts";
import { forgetStarts } from "./forget-starts.ts";
import { bucketName, openBucket } from "./record-store.ts";
import { createStoredPublish } from "./stored-publish.ts";

export interface BrokerProblem {
  /** `storage`: nothing is stored, and starting nats-server again may help. `missing`: something must be made. */
  readonly cause: "storage" | "missing";
  readonly reason: string;
}

export interface BrokerWatch {
  /** Why the service cannot work now. */
  problem(): BrokerProblem | undefined;
  /** What was missing and is there again, for a while after it was made. */
  recreated(): string | undefined;
  stop(): void;
}

export interface BrokerWatchOptions {
  readonly broker: Broker;
  /** Names what this process writes to see whether anything is stored. */
  readonly service: string;
  readonly onRecreated: (names: readonly string[]) => void;
  readonly onProblem: (problem: BrokerProblem) => void;
}

const lookEveryMs = 2_500;
const answerWithinMs = 4_000;
/** A deleted stream and what became of it stay visible so long. */
const tellForMs = 10 * 60_000;

export const healthBucket = "health";
const healthTtlMs = 60 * 60_000;
/** More than a page of the file system: a smaller write may still fit on a full disk. */
const probeBytes = 8 * 1024;
const probe = new Uint8Array(probeBytes).fill(0x20);

export function watchBroker(options: BrokerWatchOptions): BrokerWatch {
  const { broker } = options;
  let current: BrokerProblem | undefined;
  let made: { readonly names: readonly string[]; readonly at: number } | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<BrokerProblem | undefined> => {
    const trouble = broker.publisher.trouble();
    if (trouble !== undefined) return storageProblem(trouble);
    const [missing, stored] = await Promise.all([inTime(() => missingOf(broker)), inTime(() => writeProbe(options))]);
    if (missing instanceof Error) return storageProblem(missing.message);
    if (missing.length > 0) {
      const problem = await recreate(options, missing);
      if (problem) return problem;
      made = { names: missing, at: Date.now() };
      options.onRecreated(missing);
      return undefined;
    }
    return stored instanceof Error ? storageProblem(stored.message) : undefined;
  };
  const lookAgain = async (): Promise<void> => {
    // An outage is told by the connection, and waited out.
    const found = broker.connected() ? await look().catch((error: Error) => storageProblem(error.message)) : undefined;
    if (stopped) return;
    if (found && found.reason !== current?.reason) options.onProblem(found);
    current = found;
    timer = setTimeout(() => void lookAgain(), lookEveryMs).unref();
  };
  timer = setTimeout(() => void lookAgain(), lookEveryMs).unref();

  return {
    problem: () => current,
    recreated: () => (made && Date.now() - made.at < tellForMs ? made.names.join(", ") : undefined),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

const storageProblem = (what: string): BrokerProblem => ({
  cause: "storage",
  reason: `NATS stores nothing (${what}); its disk may be full: free space, and start nats-server again if that does not help`,
});

const inTime = <T>(work: () => Promise<T>): Promise<T | Error> =>
  withTimeLimit(work, {
    timeoutMs: answerWithinMs,
    onTimeout: () => new Error(`no answer within ${answerWithinMs / 1000} s`),
  }).catch((error: Error) => error);

/** Names of streams, consumers (`<stream>/<durable>`) and buckets that should be there and are not. */
async function missingOf(broker: Broker): Promise<string[]> {
  const changes = await broker.inspect();
  const topologyNames = changes.filter(({ action }) => action === "create").map(({ name }) => name);
  const { streams } = broker.buckets;
  const found = await Promise.all(
    streams.map((stream) =>
      broker.manager.streams.info(stream).then(
        () => true,
        (error: { status?: number }) => {
          if (error.status === 404) return false;
          throw error;
        },
      ),
    ),
  );
  return [...topologyNames, ...streams.filter((_, index) => !found[index])];
}

/**
 * Making what is gone loses nothing: what it held went with it. Where somebody else provisions, the service makes only the
 * buckets that it opened itself. @returns why something is still missing.
 */
async function recreate({ broker }: BrokerWatchOptions, missing: readonly string[]): Promise<BrokerProblem | undefined> {
  const names = missing.join(", ");
  const { provision } = broker.settings;
  if (provision === "verify") return missingProblem(names);
  try {
    if (provision === "ensure") await forgetStarts(broker, await broker.provision());
    for (const name of missing) await broker.buckets.reopen(name);
  } catch (error) {
    return { cause: "missing", reason: `missing: ${names}; they cannot be made: ${(error as Error).message}` };
  }
  const others = provision === "ensure" ? [] : missing.filter((name) => !broker.buckets.streams.includes(name));
  return others.length === 0 ? undefined : missingProblem(others.join(", "));
}

const missingProblem = (names: string): BrokerProblem => ({
  cause: "missing",
  reason: `missing: ${names}; \`./nocp setup --streams\` makes them`,
});

/** @throws Error when the broker does not store it. */
export async function writeProbe({ broker, service }: Pick<BrokerWatchOptions, "broker" | "service">): Promise<void> {
  const { buckets, connection, requests } = broker;
  const bucket = bucketName(healthBucket);
  if (!buckets.streams.includes(keyValueStream(bucket))) {
    const open = () => openBucket(connection, healthBucket, healthTtlMs, broker.replicas);
    await open();
    buckets.expect(keyValueStream(bucket), open);
  }
  await createStoredPublish(requests)(`$KV.${bucket}.${service}`, probe);
}
