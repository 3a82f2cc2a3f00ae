// Which file may depend on which. A rule returns what breaks it, as sentences.
import type { Import, SourceFile } from "./source-file.ts";

export type Rule = (file: SourceFile) => string[];

/** What each package of shared may import besides itself, in the order of its layers. */
const packages: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  text: ["contracts"],
  models: ["contracts", "text"],
  runtime: ["contracts", "text", "models"],
  client: ["contracts", "text", "runtime"],
};

/** What each folder of the runtime may import besides itself: a transport is written for stages; `service` joins them. */
const runtimeFolders: Readonly<Record<string, readonly string[]>> = {
  config: [],
  network: [],
  workers: [],
  telemetry: ["config"],
  stores: ["config"],
  budgets: ["config", "stores"],
  stage: ["config", "telemetry", "stores"],
  chain: ["stores", "stage"],
  transport: ["config", "telemetry", "stores", "stage"],
  accounts: ["config", "stores", "transport"],
  service: ["config", "telemetry", "stores", "transport", "stage", "chain"],
};

const packageOf = (path: string): string | undefined => /^shared\/([^/]+)\/src\//.exec(path)?.[1];
const runtimeFolderOf = (path: string): string | undefined => /^shared\/runtime\/src\/([^/]+)\//.exec(path)?.[1];
const serviceOf = (path: string): string | undefined => /^services\/([^/]+)\//.exec(path)?.[1];
const broken = (file: SourceFile, { specifier }: Import, why: string): string => `${file.path} imports ${specifier}: ${why}`;
const isComposition = (path: string): boolean => path.endsWith("/main.ts");

export const layersPointOneWay: Rule = (file) => {
  const name = packageOf(file.path);
  if (name === undefined || runtimeFolderOf(file.path) === "testing") return [];
  const allowed = packages[name];
  if (allowed === undefined) return [`${file.path}: shared/${name} has no place in the table of layers`];
  return file.imports.flatMap((entry) => {
    if (entry.target === undefined) return [];
    const target = packageOf(entry.target);
    if (target === undefined) return [broken(file, entry, "shared depends on nothing outside itself")];
    if (target === name || allowed.includes(target)) return [];
    return [broken(file, entry, `${name} may import ${allowed.join(", ") || "nothing"} of shared`)];
  });
};

export const runtimeFoldersPointOneWay: Rule = (file) => {
  const folder = runtimeFolderOf(file.path);
  if (folder === undefined || folder === "testing") return [];
  const allowed = runtimeFolders[folder];
  if (allowed === undefined) return [`${file.path}: shared/runtime/src/${folder} has no place in the table of layers`];
  return file.imports.flatMap((entry) => {
    const target = entry.target === undefined ? undefined : runtimeFolderOf(entry.target);
    if (target === undefined || target === folder || allowed.includes(target)) return [];
    return [broken(file, entry, `${folder} may import ${allowed.join(", ") || "nothing"} of the runtime`)];
  });
};

export const servicesAreStrangers: Rule = (file) => {
  const service = serviceOf(file.path);
  if (service === undefined) return [];
  return file.imports.flatMap((entry) => {
    const target = entry.target;
    if (target === undefined) return [];
    const other = serviceOf(target);
    // The HTTP edge compresses without a queue, and looks after budgets: one file takes both from where they live.
    if ((other === "assess" || other === "llm-router") && file.path === "services/gateway/src/hosted-work.ts") return [];
    // The chain hosts the other services' stages, and knows nothing else of them; so may another process, through the chain.
    if (service === "chain" && isComposition(target)) return [];
    if (other === "chain" && isComposition(file.path)) return [];
    if (other !== undefined && other !== service) return [broken(file, entry, "services meet on the queue only")];
    if (/^(cli|benchmarks)\//.test(target)) return [broken(file, entry, "a service does not know the command line")];
    return [];
  });
};

export const handlersDoNotSeeTheQueue: Rule = (file) =>
  serviceOf(file.path) === undefined || isComposition(file.path)
    ? []
    : file.imports.flatMap((entry) => {
        const folder = entry.target === undefined ? undefined : runtimeFolderOf(entry.target);
        if (folder === "service") return [broken(file, entry, "only main.ts runs a service")];
        if (folder === "transport") return [broken(file, entry, "a handler does not know what carries its messages")];
        if (folder === "stage" && !entry.typeOnly) return [broken(file, entry, "a handler knows the types of a stage only")];
        if (folder === "testing") return [broken(file, entry, "only tests import it")];
        return [];
      });

export const onlyTransportImportsNats: Rule = (file) =>
  ["transport", "testing"].includes(runtimeFolderOf(file.path) ?? "")
    ? []
    : file.imports
        .filter(({ specifier }) => specifier.startsWith("@nats-io/") || specifier === "nats")
        .map((entry) => broken(file, entry, "only shared/runtime/src/transport and testing know NATS"));

const vendors = ["openai", "@google/genai", "@anthropic-ai/sdk"];
export const onlyVendorsFoldersImportVendors: Rule = (file) =>
  file.path.startsWith("shared/models/src/vendors/")
    ? []
    : file.imports
        .filter(({ specifier }) => vendors.some((vendor) => specifier === vendor || specifier.startsWith(`${vendor}/`)))
        .map((entry) => broken(file, entry, "only shared/models/src/vendors know vendors"));

const vendorFolderOf = (path: string): string | undefined => /^shared\/models\/src\/vendors\/([^/]+)\//.exec(path)?.[1];

/** What waits for all vendors' folders cannot be part of one: the import would never end. */
export const vendorsDoNotWaitForThemselves: Rule = (file) =>
  vendorFolderOf(file.path) === undefined
    ? []
    : file.imports
        .filter(({ target, typeOnly }) => target === "shared/models/src/vendor-table.ts" && !typeOnly)
        .map((entry) => broken(file, entry, "the table of vendors waits for this file"));

export const onlyConfigReadsTheEnvironment: Rule = (file) => {
  const allowed = runtimeFolderOf(file.path) === "config" || isComposition(file.path) || /^cli\/src\/bootstrap/.test(file.path);
  return !allowed && /\bprocess\s*\.\s*env\b|\bprocess\s*\[|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/.test(file.code)
    ? [`${file.path} reads process.env: only shared/runtime/src/config and main.ts do`]
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
