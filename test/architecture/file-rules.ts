// What a file may be called, hold and weigh. A rule returns what breaks it, as sentences.
import { basename } from "node:path";
import type { Rule } from "./dependency-rules.ts";

const emptyNames = ["utils", "util", "helpers", "helper", "common", "misc", "lib", "libs", "manager", "managers"];
const wordsOf = (segment: string): string[] => segment.replace(/\.ts$/, "").split(/[-.]/);

export const namesSayWhatIsInside: Rule = ({ path }) =>
  path
    .split("/")
    .filter((segment) => wordsOf(segment).some((word) => emptyNames.includes(word)))
    .map((segment) => `${path}: "${segment}" says nothing about what is inside`);

export const namesAreKebabCase: Rule = ({ path }) =>
  /^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/.test(basename(path)) ? [] : [`${path} is not in kebab-case`];

export const noBarrels: Rule = ({ path }) => (basename(path) === "index.ts" ? [`${path} hides where things are`] : []);

/** The contract file that a plugin folder's path calls for: `src/tools` → `src/tool.ts`. */
export const contractOf = (folder: string): string => `${folder.replace(/ies$/, "y").replace(/s$/, "")}.ts`;

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));

/**
 * Folders of plugins of services and shared: the plural of a contract that lies beside them. A plugin is a file in one, or
 * the file of the contract's name in a folder of its own (`vendors/openai/vendor.ts`).
 * @returns folder → its plugins.
 */
export function pluginFolders(paths: readonly string[]): Map<string, string[]> {
  const known = new Set(paths);
  const folders = new Map<string, string[]>();
  const isPluginFolder = (folder: string): boolean => contractOf(folder) !== `${folder}.ts` && known.has(contractOf(folder));
  for (const path of paths) {
    if (!/^(services|shared)\//.test(path)) continue;
    const near = folderOf(path);
    const far = folderOf(near);
    const folder = isPluginFolder(near)
      ? near
      : basename(contractOf(far)) === basename(path) && isPluginFolder(far)
        ? far
        : undefined;
    if (folder !== undefined) folders.set(folder, [...(folders.get(folder) ?? []), path]);
  }
  return folders;
}

/** Only what is loaded by listing a folder has a default export. */
export const defaultExportsAreForPlugins =
  (folders: ReadonlyMap<string, readonly string[]>): Rule =>
  ({ path, code }) => {
    const has = /\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b/.test(code);
    const isPlugin = [...folders.values()].some((plugins) => plugins.includes(path));
    if (has && !isPlugin) return [`${path} has a default export and lies in no folder of plugins`];
    return !has && isPlugin ? [`${path} lies in a folder of plugins and has no default export`] : [];
  };

const lineCount = (text: string): number => text.trimEnd().split("\n").length;

export const compositionRootsAreShort: Rule = ({ path, text }) =>
  /^services\/[^/]+\/src\/main\.ts$/.test(path) && lineCount(text) >= 60
    ? [`${path} has ${lineCount(text)} lines, 60 or more`]
    : [];

export const filesAreSmall: Rule = ({ path, text }) =>
  lineCount(text) > 400 ? [`${path} has ${lineCount(text)} lines: which two things is it?`] : [];

export const noGlobalInstances: Rule = ({ path, code }) => [
  ...(/\bgetInstance\b/.test(code) ? [`${path} has a getInstance`] : []),
  ...(/\bstatic\s+(?!readonly\b|async\b|override\b)(?:#?\w+)\s*(?::[^=;(]*)?[=;]/.test(code)
    ? [`${path} has a static that can change`]
    : []),
  ...(/^(?:export\s+)?(?:let|var)\s/m.test(code) ? [`${path} has a variable that lives as long as the process`] : []),
];

export const noConsole: Rule = ({ path, code }) =>
  /^(services|shared)\//.test(path) && /\bconsole\s*\./.test(code) ? [`${path} writes to the console: use the logger`] : [];

const skippedOrFocused =
  /\b(?:test|it|describe)\s*\.\s*(?:skip|only|todo|fails|skipIf|runIf)\b|\b(?:x(?:it|describe|test)|fdescribe|fit)(?=\s*\()/g;

export const noSkippedOrFocusedTests: Rule = ({ path, code }) =>
  [...code.matchAll(skippedOrFocused)].map(([found]) => `${path}: ${found}`);

export const nothingIsLeftToDo: Rule = ({ path, text }) =>
  [...text.matchAll(/\b(?:TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b/g)].map(([found]) => `${path}: ${found}`);
