// Sequences of a new stream begin at 1: counts of starts under them are those of other messages.
import { durableOf, lanes, stages, topology } from "@nocp/contracts/topology.ts";
import type { Broker } from "./broker.ts";
import { keyValueStream } from "./expected-buckets.ts";
import { infoOrNothing, type TopologyChange } from "./provision.ts";
import { bucketName } from "./record-store.ts";

/** @param changes that were just made. */
export async function forgetStarts({ manager }: Pick<Broker, "manager">, changes: readonly TopologyChange[]): Promise<void> {
  const made = changes.filter(({ kind, action }) => kind === "stream" && action === "create").map(({ name }) => name);
  const renewed = stages.filter((stage) => made.includes(topology[stage].stream));
  const bucket = bucketName("attempts");
  if (renewed.length === 0 || !(await infoOrNothing(() => manager.streams.info(keyValueStream(bucket))))) return;
  for (const stage of renewed)
    for (const lane of lanes)
      await manager.streams.purge(keyValueStream(bucket), { filter: `$KV.${bucket}.${durableOf(stage, lane)}.*` });
}
