// Every routing strategy of the folder, as data of the process: read once, like any module.
import { fileURLToPath } from "node:url";
import { loadPlugins } from "@nocp/contracts/plugins/load-plugins.ts";
import type { Section } from "@nocp/contracts/settings/setting.ts";
import { isRoutingStrategy, type RoutingStrategy } from "../routing-strategy.ts";

const folder = fileURLToPath(new URL("../routing-strategies", import.meta.url));

/** In the order of their names. */
export const routingStrategies: readonly RoutingStrategy[] = (
  await loadPlugins(folder, isRoutingStrategy, "routing strategy")
).map(({ plugin }) => plugin);

export const strategySections: readonly Section[] = routingStrategies.flatMap(({ section }) => section ?? []);
