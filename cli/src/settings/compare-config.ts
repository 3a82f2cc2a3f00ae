// What differs between two sets of settings, or from the defaults.
import { isDeepStrictEqual } from "node:util";
import type { ConfigEntry } from "@nocp/runtime/config/load-config.ts";
import { shownValue } from "./config-text.ts";

export interface ConfigDifference {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** Secrets that differ, and URLs that differ in their password alone, are named; their values are not shown. */
export function compareConfig(before: readonly ConfigEntry[], after: readonly ConfigEntry[]): ConfigDifference[] {
  const newer = new Map(after.map((entry) => [entry.path, entry]));
  return before.flatMap((entry) => {
    const other = newer.get(entry.path);
    if (!other || JSON.stringify(entry.value) === JSON.stringify(other.value)) return [];
    const [before, after] = [shownValue(entry), shownValue(other)];
    return [{ path: entry.path, before, after: before === after ? `${after}, to another value` : after }];
  });
}

/** Whether the value is another than the default, wherever it was set. */
export const isChanged = ({ value, setting }: ConfigEntry): boolean =>
  !isDeepStrictEqual(value, setting.schema.parse(setting.default));
