// Looks every few seconds whether the broker has all that this service needs and stores what it is given: an operator may have
// deleted a stream, and a server whose disk was full answers everything but a write.
import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import { stages, topologyOf } from "@nocp/contracts/topology.ts";
import type { Broker } from "./broker.ts";
import { keyValueStream } from "./expected-buckets.ts";
import { forgetStarts } from "./forget-starts.ts";
import { bucketName, openBucket } from "./record-store.ts";
import { infoOrNothing } from "./stored-info.ts";
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
  /** Names what this process writes to see whether anything is stored, and says which stage's queue is its own. */
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
  const seen = new Set<string>();
  let serverId = broker.connection.info?.server_id;

  /** @returns the names to tell of: what a server kept in memory goes when it is started again. */
  const worthTelling = (names: readonly string[]): string[] => {
    const isSameServer = serverId === broker.connection.info?.server_id;
    serverId = broker.connection.info?.server_id;
    return names.filter((name) => isSameServer || broker.buckets.natureOf(name) !== "in memory");
  };
  const look = async (): Promise<BrokerProblem | undefined> => {
    const trouble = broker.publisher.trouble();
    if (trouble !== undefined) return storageProblem(trouble);
    const [wrong, stored] = await Promise.all([inTime(() => wrongIn(options, seen)), inTime(() => writeProbe(options))]);
    if (wrong instanceof Error) return storageProblem(wrong.message);
    const names = [...wrong.missing, ...wrong.passedOver.keys()];
    const told = worthTelling(names);
    if (names.length > 0) {
      const problem = await recreate(options, wrong);
      if (problem) return problem;
      if (told.length === 0) return undefined;
      made = { names: told, at: Date.now() };
      options.onRecreated(told);
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

interface Wrong {
  /** Names of streams, consumers (`<stream>/<durable>`) and buckets that should be there and are not. */
  readonly missing: readonly string[];
  /** Consumers that pass over messages, with the reason. */
  readonly passedOver: ReadonlyMap<string, string>;
}

/** @param seen buckets that were there before; what is found is added. */
async function wrongIn({ broker, service }: BrokerWatchOptions, seen: Set<string>): Promise<Wrong> {
  const own = stages.filter((stage) => service === stage || service === "chain").map((stage) => topologyOf(stage).stream);
  const changes = await broker.inspect((stream) => own.some((name) => name === stream));
  const topologyNames = changes.filter(({ action }) => action === "create").map(({ name }) => name);
  const { streams, natureOf } = broker.buckets;
  const found = await Promise.all(streams.map((stream) => infoOrNothing(() => broker.manager.streams.info(stream))));
  const isNeeded = (stream: string): boolean => seen.has(stream) || natureOf(stream) !== "used later";
  const missing = streams.filter((stream, index) => !found[index] && isNeeded(stream));
  for (const [index, stream] of streams.entries()) if (found[index]) seen.add(stream);
  return {
    missing: [...topologyNames, ...missing],
    passedOver: new Map(
      changes.filter(({ action }) => action === "renew").map(({ name, differences }) => [name, differences.join(", ")]),
    ),
  };
}

/**
 * Making what is gone loses nothing: what it held went with it. Where somebody else provisions, the service makes only the
 * buckets that it opened itself. @returns why something is still missing.
 */
async function recreate({ broker }: BrokerWatchOptions, wrong: Wrong): Promise<BrokerProblem | undefined> {
  const { provision } = broker.settings;
  if (provision === "verify") return problemOf(wrong);
  try {
    if (provision === "ensure") await forgetStarts(broker, await broker.provision());
    for (const name of wrong.missing) await broker.buckets.reopen(name);
  } catch (error) {
    return { cause: "missing", reason: `${whatIs(wrong)}; that cannot be put right: ${(error as Error).message}` };
  }
  if (provision === "ensure") return undefined;
  const others = { ...wrong, missing: wrong.missing.filter((name) => !broker.buckets.streams.includes(name)) };
  return others.missing.length + others.passedOver.size === 0 ? undefined : problemOf(others);
}

const whatIs = ({ missing, passedOver }: Wrong): string =>
  [
    ...(missing.length === 0 ? [] : [`missing: ${missing.join(", ")}`]),
    ...[...passedOver].map(([name, reason]) => `${name} ${reason}`),
  ].join("; ");

const problemOf = (wrong: Wrong): BrokerProblem => ({
  cause: "missing",
  reason: `${whatIs(wrong)}; \`./nocp setup --streams\` makes that anew`,
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
