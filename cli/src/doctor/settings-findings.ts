// Whether settings are valid, and whether the keys of providers are set; never what the keys are.
import type { Config, ConfigEntry } from "@nocp/runtime/config/load-config.ts";
import { isChanged } from "../settings/compare-config.ts";
import { isSet } from "../settings/config-text.ts";
import type { Finding } from "./finding.ts";

export function settingsFinding(load: () => Config): { finding: Finding; entries: readonly ConfigEntry[] } {
  try {
    const { entries } = load();
    const changed = entries.filter(isChanged).length;
    return {
      finding: {
        what: "settings",
        state: "ok",
        detail: changed === 0 ? "all defaults" : `${changed} of ${entries.length} changed`,
      },
      entries,
    };
  } catch (error) {
    const detail = (error as Error).message;
    return { finding: { what: "settings", state: "wrong", detail, advice: "Correct each where it was set" }, entries: [] };
  }
}

/** One finding per provider key. */
export function keyFindings(entries: readonly ConfigEntry[]): Finding[] {
  const keys = entries.filter(({ path, setting }) => setting.secret && /^providers\..*\.apiKey$/.test(path));
  return keys.map((entry) => {
    const { path, setting } = entry;
    const variable = setting.aliases?.[0];
    const what = `key: ${path.split(".").slice(1, -1).join(".")}`;
    if (isSet(entry)) return { what, state: "ok", detail: "set" };
    return { what, state: "optional", detail: "not set", ...(variable ? { advice: `Set ${variable} to use it` } : {}) };
  });
}
