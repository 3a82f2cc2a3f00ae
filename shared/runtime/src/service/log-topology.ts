// What a service created or changed in JetStream when it started: one line, and each single change at debug.
import type { Logger } from "pino";
import type { TopologyChange } from "../transport/provision.ts";

const said = { create: "created", update: "updated", renew: "renewed" } as const;

export function logTopology(changes: readonly TopologyChange[], logger: Pick<Logger, "info" | "debug">): void {
  for (const change of changes) logger.debug(change, "topology changed");
  if (changes.length > 0) logger.info(topologySummary(changes));
}

/** `created 7 streams and 8 consumers, updated 1 stream`. */
export function topologySummary(changes: readonly TopologyChange[]): string {
  const countOf = (action: TopologyChange["action"], kind: TopologyChange["kind"]): string[] => {
    const count = changes.filter((change) => change.action === action && change.kind === kind).length;
    return count === 0 ? [] : [`${count} ${kind}${count === 1 ? "" : "s"}`];
  };
  const parts = (Object.keys(said) as (keyof typeof said)[]).flatMap((action) => {
    const counts = [...countOf(action, "stream"), ...countOf(action, "consumer")];
    return counts.length === 0 ? [] : [`${said[action]} ${counts.join(" and ")}`];
  });
  return parts.join(", ");
}
