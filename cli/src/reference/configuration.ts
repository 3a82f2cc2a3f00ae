// docs/configuration.md: every setting that any file of the services declares.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { environmentName, type Section, type Setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { markdownTable } from "./markdown-table.ts";
import type { ReferenceDocument } from "./reference-document.ts";

/** Where sections may be declared, below the project's folder. */
const searched = ["shared", "services"];

const isSection = (value: unknown): value is Section => {
  if (typeof value !== "object" || value === null) return false;
  const { name, settings } = value as Partial<Section>;
  return (
    typeof name === "string" && typeof settings === "object" && settings !== null && Object.values(settings).every(isSetting)
  );
};

const isSetting = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "schema" in value && "default" in value && "description" in value;

/**
 * Every section of the project, by name: exported, or a property of what a plugin exports.
 * @param root the project's folder, absolute.
 * @throws Error when two sections of one name differ.
 */
export async function findSections(root: string): Promise<Section[]> {
  const found = new Map<string, Section>();
  for (const path of searched.flatMap((folder) => filesDeclaringSections(join(root, folder)))) {
    const exported = Object.values((await import(pathToFileURL(path).href)) as object);
    const nested = exported.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
    for (const section of [...exported, ...nested].filter(isSection)) {
      if ((found.get(section.name) ?? section) !== section) throw new Error(`two sections are called ${section.name}`);
      found.set(section.name, section);
    }
  }
  return [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

function filesDeclaringSections(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !/node_modules|(?:main|\.test)\.ts$/.test(name))
    .map((name) => join(folder, name))
    .filter((path) => /\bdefineSection\(/.test(readFileSync(path, "utf8")))
    .filter((path) => !path.endsWith("settings/setting.ts"))
    .sort();
}

/** A row a setting: path, variables, what it may be, default, description. */
export const settingRows = (section: Section): string[][] =>
  Object.entries(section.settings).map(([key, setting]) => [
    `\`${section.name}.${key}\``,
    [environmentName(section.name, key), ...(setting.aliases ?? [])].map((name) => `\`${name}\``).join(", "),
    describeValues(setting),
    setting.secret ? "none (secret)" : `\`${JSON.stringify(setting.default)}\``,
    setting.description,
  ]);

/** What a setting may be, in a few words, from its schema. */
const describeValues = ({ schema }: Setting): string =>
  describeSchema(z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }) as z.core.JSONSchema.BaseSchema);

function describeSchema(schema: z.core.JSONSchema.BaseSchema): string {
  const { type, enum: values, const: only, anyOf, format, minimum, maximum, exclusiveMinimum } = schema;
  if (anyOf) return anyOf.map((option) => describeSchema(option as z.core.JSONSchema.BaseSchema)).join(" or ");
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (values) return values.map((value) => `\`${String(value)}\``).join(", ");
  const lowest = exclusiveMinimum !== undefined ? `above ${exclusiveMinimum}` : minimum !== undefined ? `from ${minimum}` : "";
  const highest = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? `to ${maximum}` : "";
  return [format === "uri" ? "URL" : (type ?? "any"), lowest, highest].filter((part) => part !== "").join(" ");
}

export const configurationDocument = (sections: readonly Section[]): ReferenceDocument => ({
  fileName: "configuration.md",
  text: `# Configuration

Every setting has a default. A value can be set in several places; later ones win: \`nocp.config.yaml\`, \`.env\`, the environment,
the command line (\`--set act.maxResultBytes=1000000\`). All settings are checked at the start, and all problems are reported
together, each with the place where the value was set. In environment variables, lists are separated by commas and records are
JSON. \`./nocp config show\` prints the settings in use and where each comes from. Generated from the code by \`./nocp docs\`.
${sections
  .map(
    (section) =>
      `\n## ${section.name}\n\n${markdownTable(["setting", "environment variable", "type", "default", "description"], settingRows(section))}\n`,
  )
  .join("")}`,
});
