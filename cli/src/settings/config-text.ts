// Settings as text: for a person, for nocp.config.yaml, for a shell.

import { environmentName } from "@nocp/contracts/settings/setting.ts";
import type { ConfigEntry } from "@nocp/runtime/config/load-config.ts";
import { dropCredentials, hideCredentials, mapTexts } from "@nocp/runtime/config/url-credentials.ts";
import { stringify } from "yaml";

/** Secrets are shown as `set` or `not set`, never by value; URLs without user and password. */
export function shownValue(entry: ConfigEntry): string {
  const { value, setting } = entry;
  if (setting.secret) return isSet(entry) ? "set" : "not set";
  const shown = mapTexts(value, hideCredentials);
  return typeof shown === "string" ? shown : JSON.stringify(shown);
}

/** Whether there is a value: no empty text, list or record. */
export const isSet = ({ value }: Pick<ConfigEntry, "value">): boolean =>
  value !== "" && value !== null && !(typeof value === "object" && Object.keys(value).length === 0);

/** As it may be exported: URLs without user and password. */
export const exportedValue = ({ value }: Pick<ConfigEntry, "value">): unknown => mapTexts(value, dropCredentials);

/** The same for machines: a secret's value is replaced by whether it is set. */
export const entryAsJson = (entry: ConfigEntry) => ({
  path: entry.path,
  value: entry.setting.secret ? shownValue(entry) : mapTexts(entry.value, hideCredentials),
  origin: entry.origin,
  ...(entry.setting.secret ? { secret: true } : {}),
});

/** `providers.openai.baseUrl` → `["providers.openai", "baseUrl"]`. */
export function splitPath(path: string): [section: string, key: string] {
  const at = path.lastIndexOf(".");
  return [path.slice(0, at), path.slice(at + 1)];
}

export interface ExportedConfig {
  readonly text: string;
  /** Secrets that are set and were left out, those within URLs included. */
  readonly secretsLeftOut: number;
}

/** A file that `./nocp config load` takes. Comments say what each setting is. */
export function configAsYaml(entries: readonly ConfigEntry[]): ExportedConfig {
  const document: Record<string, unknown> = {};
  for (const entry of entries.filter(isPublic)) {
    const [section, key] = splitPath(entry.path);
    let node = document;
    for (const part of section.split(".")) {
      node[part] ??= {};
      node = node[part] as Record<string, unknown>;
    }
    node[key] = exportedValue(entry);
  }
  return { text: stringify(document, { lineWidth: 0 }), secretsLeftOut: countSecrets(entries) };
}

/** `NAME='value'` lines, fit for `.env` and for a shell's `source`. */
export function configAsEnv(entries: readonly ConfigEntry[]): ExportedConfig {
  const lines = entries.filter(isPublic).map((entry) => {
    const value = exportedValue(entry);
    const text = typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
    return `${environmentName(...splitPath(entry.path))}=${quoteForShell(text)}`;
  });
  return { text: `${lines.join("\n")}\n`, secretsLeftOut: countSecrets(entries) };
}

const isPublic = (entry: ConfigEntry): boolean => entry.setting.secret !== true;
const countSecrets = (entries: readonly ConfigEntry[]): number =>
  entries.filter((entry) => (isPublic(entry) ? hasCredentials(entry) : shownValue(entry) === "set")).length;
const hasCredentials = (entry: ConfigEntry): boolean => JSON.stringify(exportedValue(entry)) !== JSON.stringify(entry.value);

/** Single quotes where they do; double ones around a single quote, which `.env` files cannot escape. */
function quoteForShell(text: string): string {
  if (/^[\w./:@,-]*$/.test(text)) return text;
  if (!text.includes("'")) return `'${text}'`;
  return /["$`\\]/.test(text) ? `'${text.replaceAll("'", `'\\''`)}'` : `"${text}"`;
}
