// Models whose chat template ends with `<think>`, as the settings of a server name them.
import type { CapabilityTable } from "../../capabilities.ts";

/** The table of a server, and what is known of these models. @param models names; `*` stands for any characters. */
export function withOpenedThinking(table: CapabilityTable, models: readonly string[]): CapabilityTable {
  const rules = models.map((name) => ({ title: name, names: patternOf(name), dialect: { opensThinking: true } }));
  return rules.length === 0 ? table : { ...table, models: [...table.models, ...rules] };
}

/** Servers spell the names of models as they like, in capitals and small letters. */
function patternOf(name: string): RegExp {
  const parts = name.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i");
}
