// Settings from defaults < nocp.config.yaml < .env < environment < flags, validated once, every problem reported together.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { parseEnv } from "node:util";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { shortened } from "@nocp/contracts/errors/schema-problems.ts";
import {
  environmentName,
  namesOfSection,
  type Section,
  type SectionValues,
  type Setting,
} from "@nocp/contracts/settings/setting.ts";
import { parseText } from "./parse-text.ts";
import { hideCredentials, mapTexts } from "./url-credentials.ts";

/** Where values come from; later ones win. Absent files are empty. */
export interface ConfigSources {
  readonly file?: string;
  readonly dotenv?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** By dotted path, e.g. `{"act.concurrency": "8"}`. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Report settings, sections and NOCP_* variables that no section declares. Only with every section present. */
  readonly complete?: boolean;
}

export interface ConfigEntry {
  readonly path: string;
  readonly value: unknown;
  /** `default`, the file's name (`nocp.config.yaml`), `.env`, `environment NOCP_…` or `flag`. */
  readonly origin: string;
  readonly setting: Setting;
}

export interface Config {
  /** The frozen values of a section. @throws Error when the section was not loaded. */
  section<S extends Section>(section: S): SectionValues<S>;
  readonly entries: readonly ConfigEntry[];
}

interface Candidate {
  readonly value: unknown;
  readonly origin: string;
}

/** Loaded with the first file that needs it: most processes are set up by the environment alone. */
const loadYamlParser = (): typeof import("yaml").parse => createRequire(import.meta.url)("yaml").parse;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Variables that belong to the process, not to a setting. */
const processVariables = /^NOCP_(TEST|BENCHMARK|SETUP|INTERNAL)_/;

/** @throws NocpError INVALID_CONFIGURATION listing every problem with the place it came from. */
export function loadConfig(sections: readonly Section[], sources: ConfigSources = {}): Config {
  const problems: string[] = [];
  const document = readYaml(sources.file, problems);
  const fileName = basename(sources.file ?? "nocp.config.yaml");
  const dotenv = sources.dotenv && existsSync(sources.dotenv) ? parseEnv(readFileSync(sources.dotenv, "utf8")) : {};
  const environment = sources.environment ?? {};
  const flags = sources.flags ?? {};
  const entries: ConfigEntry[] = [];
  const values = new Map<string, Record<string, unknown>>();

  for (const section of sections) {
    const sectionValues: Record<string, unknown> = {};
    for (const [key, setting] of Object.entries(section.settings)) {
      const path = `${section.name}.${key}`;
      const chosen = chooseValue(section, key, setting, { document, fileName, dotenv, environment, flags });
      const parsed = setting.schema.safeParse(chosen.value);
      if (parsed.success) {
        sectionValues[key] = parsed.data;
        entries.push({ path, value: parsed.data, origin: chosen.origin, setting });
      } else {
        const shown = setting.secret ? "a secret" : JSON.stringify(mapTexts(chosen.value, hideCredentials));
        problems.push(`${path} (${chosen.origin}): ${parsed.error.issues[0]?.message ?? "wrong"}, got ${shown}`);
      }
    }
    values.set(section.name, deepFreeze(sectionValues));
  }
  if (sources.complete) problems.push(...unknownSettings(sections, { document, fileName, dotenv, environment, flags }));
  if (problems.length > 0) {
    throw new NocpError("INVALID_CONFIGURATION", describeSettings(problems));
  }
  return {
    entries: Object.freeze(entries),
    section: <S extends Section>(section: S) => {
      const found = values.get(section.name);
      if (!found) throw new Error(`section ${section.name} was not loaded`);
      return found as SectionValues<S>;
    },
  };
}

const shownProblems = 30;
const longestProblem = 300;
/** Of all problems together. */
const shownCharacters = 1800;

/** Some of the problems, however many there are, each on its line. */
function describeSettings(problems: readonly string[]): string {
  let characters = 0;
  const fits = (problem: string): boolean => {
    characters += problem.length;
    return characters <= shownCharacters;
  };
  const shortenedProblems = problems.slice(0, shownProblems).map((problem) => shortened(problem, longestProblem));
  const shown = shortenedProblems.filter(fits);
  if (problems.length > shown.length) shown.push(`and ${(problems.length - shown.length).toLocaleString("en")} more`);
  return `${problems.length === 1 ? "1 setting is" : `${problems.length} settings are`} wrong:\n  ${shown.join("\n  ")}`;
}

interface Layers {
  readonly document: Record<string, unknown>;
  readonly fileName: string;
  readonly dotenv: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags: Readonly<Record<string, string>>;
}

function chooseValue(section: Section, key: string, setting: Setting, layers: Layers): Candidate {
  const sectionNames = namesOfSection(section);
  const flag = sectionNames.map((name) => layers.flags[`${name}.${key}`]).find((text) => text !== undefined);
  if (flag !== undefined) return { value: parseText(setting.schema, flag), origin: "flag" };
  for (const [variables, origin] of [
    [layers.environment, "environment"],
    [layers.dotenv, ".env"],
  ] as const) {
    for (const name of variablesOf(section, key, setting)) {
      const text = variables[name];
      if (text !== undefined && text !== "") return { value: parseText(setting.schema, text), origin: `${origin} ${name}` };
    }
  }
  for (const name of sectionNames) {
    const node = nodeAt(layers.document, name);
    if (node && Object.hasOwn(node, key)) return { value: node[key], origin: layers.fileName };
  }
  return { value: setting.default, origin: "default" };
}

const variablesOf = (section: Section, key: string, { aliases = [] }: Setting): string[] => [
  ...namesOfSection(section).map((name) => environmentName(name, key)),
  ...aliases,
];

function nodeAt(document: Record<string, unknown>, sectionName: string): Record<string, unknown> | undefined {
  let node: unknown = document;
  for (const part of sectionName.split(".")) node = isRecord(node) ? node[part] : undefined;
  return isRecord(node) ? node : undefined;
}

function readYaml(file: string | undefined, problems: string[]): Record<string, unknown> {
  if (!file || !existsSync(file)) return {};
  try {
    const document: unknown = loadYamlParser()(readFileSync(file, "utf8")) ?? {};
    if (isRecord(document)) return document;
    problems.push(`${file}: expected a mapping of sections`);
  } catch (error) {
    problems.push(`${file}: ${(error as Error).message.split("\n")[0]}`);
  }
  return {};
}

function unknownSettings(sections: readonly Section[], layers: Layers): string[] {
  const all = sections.flatMap((section) =>
    Object.entries(section.settings).map(([key, setting]) => ({ section, key, setting })),
  );
  const paths = new Set(all.flatMap(({ section, key }) => namesOfSection(section).map((name) => `${name}.${key}`)));
  const names = new Set(all.flatMap(({ section, key, setting }) => variablesOf(section, key, setting)));
  const isPrefix = (path: string) => [...paths].some((known) => known.startsWith(`${path}.`));
  const inDocument = (node: Record<string, unknown>, prefix: string): string[] =>
    Object.entries(node).flatMap(([key, value]) => {
      const path = prefix === "" ? key : `${prefix}.${key}`;
      if (paths.has(path)) return [];
      if (isPrefix(path) && isRecord(value)) return inDocument(value, path);
      return [`${path} (${layers.fileName}): there is no such setting`];
    });
  const inVariables = (variables: Readonly<Record<string, string | undefined>>, origin: string): string[] =>
    Object.keys(variables)
      .filter((name) => name.startsWith("NOCP_") && !names.has(name) && !processVariables.test(name))
      .map((name) => `${name} (${origin}): there is no such setting`);
  return [
    ...inDocument(layers.document, ""),
    ...inVariables(layers.dotenv, ".env"),
    ...inVariables(layers.environment, "environment"),
    ...Object.keys(layers.flags)
      .filter((path) => !paths.has(path))
      .map((path) => `${path} (flag): there is no such setting`),
  ];
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const nested of Object.values(value)) deepFreeze(nested);
    Object.freeze(value);
  }
  return value;
}
