// Which file may depend on which. A rule returns what breaks it, as sentences.
import type { Import, SourceFile } from "./source-file.ts";

export type Rule = (file: SourceFile) => string[];

/** What each part of shared/src may import besides itself; `runtime` joins everything together. */
const allowedOf: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  errors: ["contracts"],
  tokens: ["contracts", "errors"],
  text: [],
  json: [],
  archive: ["contracts", "errors", "json"],
  pricing: ["contracts"],
  plugins: ["contracts", "errors", "config"],
  config: ["contracts", "errors"],
  schemas: ["errors"],
  formats: ["contracts", "errors", "plugins", "tokens", "json"],
  telemetry: ["contracts", "errors", "config"],
  sessions: ["contracts", "errors"],
  messaging: ["contracts", "errors", "config", "telemetry", "archive", "sessions"],
  client: ["contracts", "errors", "config", "telemetry", "messaging"],
  runtime: ["contracts", "errors", "config", "plugins", "telemetry", "messaging", "archive"],
};

const partOf = (path: string): string | undefined => /^shared\/src\/([^/]+)\//.exec(path)?.[1];
const serviceOf = (path: string): string | undefined => /^services\/([^/]+)\//.exec(path)?.[1];
const broken = (file: SourceFile, { specifier }: Import, why: string): string => `${file.path} imports ${specifier}: ${why}`;
const isComposition = (path: string): boolean => path.endsWith("/main.ts");

export const layersPointOneWay: Rule = (file) => {
  const part = partOf(file.path);
  if (part === undefined || part === "testing") return [];
  const allowed = allowedOf[part];
  if (allowed === undefined) return [`${file.path}: shared/src/${part} has no place in the table of layers`];
  return file.imports.flatMap((entry) => {
    const target = entry.target === undefined ? undefined : partOf(entry.target);
    if (entry.target !== undefined && target === undefined)
      return [broken(file, entry, "shared depends on nothing outside itself")];
    if (target === undefined || target === part || allowed.includes(target)) return [];
    return [broken(file, entry, `${part} may import ${allowed.join(", ") || "nothing"} of shared`)];
  });
};

export const servicesAreStrangers: Rule = (file) => {
  const service = serviceOf(file.path);
  if (service === undefined) return [];
  return file.imports.flatMap((entry) => {
    const target = entry.target;
    if (target === undefined) return [];
    const other = serviceOf(target);
    if (other !== undefined && other !== service) return [broken(file, entry, "services meet on the queue only")];
    if (/^(cli|benchmarks)\//.test(target)) return [broken(file, entry, "a service does not know the command line")];
    return [];
  });
};

export const handlersDoNotSeeTheQueue: Rule = (file) =>
  serviceOf(file.path) === undefined || isComposition(file.path)
    ? []
    : file.imports.flatMap((entry) => {
        const part = entry.target === undefined ? undefined : partOf(entry.target);
        if (part === "runtime") return [broken(file, entry, "only main.ts runs a service")];
        if (part === "messaging" && !entry.typeOnly) return [broken(file, entry, "a handler knows the types of messaging only")];
        if (part === "testing") return [broken(file, entry, "only tests import it")];
        return [];
      });

export const onlyMessagingImportsNats: Rule = (file) =>
  ["messaging", "testing"].includes(partOf(file.path) ?? "")
    ? []
    : file.imports
        .filter(({ specifier }) => specifier.startsWith("@nats-io/") || specifier === "nats")
        .map((entry) => broken(file, entry, "only shared/src/messaging and shared/src/testing know NATS"));

const vendors = ["openai", "@google/genai", "@anthropic-ai/sdk"];
export const onlyProvidersImportVendors: Rule = (file) =>
  file.path.startsWith("services/llm-router/src/providers/")
    ? []
    : file.imports
        .filter(({ specifier }) => vendors.some((vendor) => specifier === vendor || specifier.startsWith(`${vendor}/`)))
        .map((entry) => broken(file, entry, "only services/llm-router/src/providers know vendors"));

export const onlyConfigReadsTheEnvironment: Rule = (file) => {
  const allowed = partOf(file.path) === "config" || isComposition(file.path) || /^cli\/src\/bootstrap/.test(file.path);
  return !allowed && /\bprocess\s*\.\s*env\b|\bprocess\s*\[|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/.test(file.code)
    ? [`${file.path} reads process.env: only shared/src/config and main.ts do`]
    : [];
};

/** @returns each cycle once, as the path around it. Types count: two files that need each other are one concept. */
export function importCycles(files: readonly SourceFile[]): string[] {
  const importsOf = new Map(files.map((file) => [file.path, file.imports.flatMap(({ target }) => (target ? [target] : []))]));
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      cycles.push([...trail.slice(start), path].join(" → "));
      return;
    }
    if (finished.has(path)) return;
    for (const target of importsOf.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of importsOf.keys()) visit(path, []);
  return cycles;
}
