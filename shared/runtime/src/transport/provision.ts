// Creates what the topology wants and JetStream lacks; changes what may be changed; refuses to destroy.
import type { ConsumerInfo, JetStreamManager, StreamInfo } from "@nats-io/jetstream";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { oldPrefix } from "./old-prefix.ts";
import { type ConsumerPlace, findPassedOver } from "./passed-over.ts";
import { infoOrNothing } from "./stored-info.ts";
import type { ConsumerDefinition, Definitions, StreamDefinition } from "./stream-definitions.ts";

export interface TopologyChange {
  readonly kind: "stream" | "consumer";
  readonly name: string;
  /** `renew`: a consumer that passes over messages; a new one is given them. `refused`: it would lose messages. */
  readonly action: "create" | "update" | "renew" | "refused";
  /** `max_age: 1000 → 2000`, a line each. */
  readonly differences: readonly string[];
}

/** Settings of a stream or consumer that JetStream cannot change in place. */
const fixedOfStream = ["storage", "retention"];
const fixedOfConsumer = ["ack_policy", "deliver_policy"];

/**
 * What differs between JetStream and the definitions. Changes nothing.
 * @param mayRead whether the user may read messages of a stream, to see more of what consumers pass over.
 */
export async function inspectTopology(
  manager: JetStreamManager,
  definitions: Definitions,
  mayRead: (stream: string) => boolean = () => false,
): Promise<TopologyChange[]> {
  const consumers = await Promise.all(
    definitions.consumers.map(async ({ stream, config }) => ({
      name: `${stream}/${config.durable_name}`,
      config,
      found: await infoOrNothing<ConsumerInfo>(() => manager.consumers.info(stream, config.durable_name)),
    })),
  );
  const streams = await Promise.all(
    definitions.streams.map(async (definition) => ({
      definition,
      found: await infoOrNothing<StreamInfo>(() => manager.streams.info(definition.name)),
    })),
  );
  const infos = new Map(streams.map(({ definition, found }) => [definition.name, found]));
  const places = consumers.flatMap(({ found }): ConsumerPlace[] => {
    const stream = infos.get(found?.stream_name ?? "");
    return found && stream ? [{ consumer: found, stream }] : [];
  });
  const passedOver = await findPassedOver(manager, places, mayRead);
  const changes = [
    ...streams.map(({ definition, found }) =>
      compare("stream", definition.name, definition, found?.config, fixedOfStream, shrinks(definition, found)),
    ),
    ...consumers.map(({ name, config, found }) => compare("consumer", name, config, found?.config, fixedOfConsumer, [])),
  ];
  const renewed = new Set(passedOver.map(({ name }) => name));
  return [
    ...changes.filter((change) => change !== undefined && !renewed.has(change.name)),
    ...passedOver.map(({ name, reason }): TopologyChange => ({ kind: "consumer", name, action: "renew", differences: [reason] })),
  ] as TopologyChange[];
}

/**
 * Makes JetStream hold the definitions. Idempotent; safe when several do it at once.
 * @returns what it changed, nothing when all was there.
 * @throws NocpError PROVISIONING_REFUSED naming every change that would destroy messages; then nothing is changed.
 */
export async function ensureTopology(manager: JetStreamManager, definitions: Definitions): Promise<TopologyChange[]> {
  const changes = await inspectTopology(manager, definitions, () => true);
  const refused = changes.filter((change) => change.action === "refused");
  if (refused.length > 0) {
    const list = refused.map((change) => `${change.name} (${change.differences.join(", ")})`).join("; ");
    const isOld = refused.some(({ differences }) => differences.some((difference) => difference.includes(oldPrefix)));
    const advice = "They are of the release before tenants: stop the services, then ./nocp setup --streams moves them.";
    const message = `these changes would delete messages: ${list}`;
    throw new NocpError("PROVISIONING_REFUSED", message, isOld ? { advice } : {});
  }
  const changed = new Map(changes.map((change) => [change.name, change.action]));
  await Promise.all(definitions.streams.map((definition) => applyStream(manager, definition, changed.get(definition.name))));
  await Promise.all(
    definitions.consumers.map((consumer) =>
      applyConsumer(manager, consumer, changed.get(`${consumer.stream}/${consumer.config.durable_name}`)),
    ),
  );
  return changes;
}

async function applyStream(manager: JetStreamManager, definition: StreamDefinition, action: string | undefined): Promise<void> {
  if (action === "create") await addStream(manager, definition);
  if (action === "update") await manager.streams.update(definition.name, definition);
}

/** A server that is asked by several at once may refuse the later ones because their subjects are taken, by that very stream. */
async function addStream(manager: JetStreamManager, definition: StreamDefinition): Promise<void> {
  try {
    await manager.streams.add(definition);
  } catch (error) {
    if (!(await infoOrNothing(() => manager.streams.info(definition.name)))) throw error;
  }
}

async function applyConsumer(
  manager: JetStreamManager,
  { stream, config }: ConsumerDefinition,
  action: string | undefined,
): Promise<void> {
  // What is unsettled is handed out again; nothing else was the consumer's alone.
  if (action === "renew") await infoOrNothing(() => manager.consumers.delete(stream, config.durable_name));
  if (action === "create" || action === "renew") await manager.consumers.add(stream, config);
  if (action === "update") await manager.consumers.update(stream, config.durable_name, config);
}

function compare(
  kind: TopologyChange["kind"],
  name: string,
  wanted: object,
  found: object | undefined,
  fixed: readonly string[],
  losses: readonly string[],
): TopologyChange | undefined {
  if (!found) return { kind, name, action: "create", differences: [] };
  const have = found as Record<string, unknown>;
  const keys = Object.entries(wanted).filter(
    ([key, value]) => JSON.stringify(have[key] ?? null) !== JSON.stringify(value ?? null) && !isUnset(have[key], value),
  );
  if (keys.length === 0) return undefined;
  const differences = keys.map(([key, value]) => `${key}: ${JSON.stringify(have[key])} → ${JSON.stringify(value)}`);
  const refused = keys.some(([key]) => fixed.includes(key)) || losses.length > 0;
  return { kind, name, action: refused ? "refused" : "update", differences };
}

/** The server leaves out what is false or zero. */
const isUnset = (found: unknown, wanted: unknown): boolean => found === undefined && (wanted === false || wanted === 0);

/** Limits below what the stream holds now: JetStream would delete the excess at once. */
function shrinks(wanted: StreamDefinition, found: StreamInfo | undefined): string[] {
  if (!found) return [];
  const { state } = found;
  const limits = [
    ["max_msgs", state.messages],
    ["max_bytes", state.bytes],
  ] as const;
  const covered = new Set(wanted.subjects);
  const dropped = found.config.subjects.filter((subject) => !covered.has(subject));
  return [
    ...limits.filter(([key, held]) => (wanted[key] ?? -1) > 0 && held > (wanted[key] ?? 0)).map(([key]) => key),
    ...(state.messages > 0 ? dropped : []),
  ];
}
