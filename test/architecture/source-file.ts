// A source file as the rules see it: its imports, and its code without comments and text.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Import {
  /** As it is written. */
  readonly specifier: string;
  /** Erased before the program runs. */
  readonly typeOnly: boolean;
  /** The imported file, below the project's folder; undefined for a package. */
  readonly target: string | undefined;
}

export interface SourceFile {
  /** Below the project's folder, e.g. `shared/contracts/src/request.ts`. */
  readonly path: string;
  readonly text: string;
  /** The text with comments, strings and regular expressions blanked out; line numbers stay. */
  readonly code: string;
  readonly imports: readonly Import[];
}

const foldersIn = (parent: string): string[] =>
  readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${parent}/${name}`);

/** Folder of each workspace, by the name after `@nocp/`. */
const workspaces: Readonly<Record<string, string>> = Object.fromEntries(
  [...foldersIn("shared"), "cli", "benchmarks", ...foldersIn("services")].map((folder) => [basename(folder), folder]),
);

const isTest = (path: string): boolean => path.endsWith(".test.ts");

/** Every TypeScript file below the folders that is no test, in order of path. */
export const readSourceFiles = (folders: readonly string[]): SourceFile[] => readFiles(folders, (path) => !isTest(path));

/** Every test, beside the source and in folders of its own, and what only tests use. */
export const readTestFiles = (): SourceFile[] => [...readFiles(sourceFolders, isTest), ...readFiles(["test"], () => true)];

function readFiles(folders: readonly string[], isWanted: (path: string) => boolean): SourceFile[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
    )
    .filter((path) => path.endsWith(".ts") && !path.includes("node_modules") && isWanted(path))
    .sort()
    .map((path) => sourceFile(path, readFileSync(join(root, path), "utf8")));
}

/** The folders of source that the services consist of. */
export const serviceFolders = Object.values(workspaces).filter((folder) => folder.startsWith("services/"));
export const sourceFolders = Object.values(workspaces).map((folder) => `${folder}/src`);

export function sourceFile(path: string, text: string): SourceFile {
  const withStrings = blank(text, { strings: false });
  return { path, text, code: blank(text, { strings: true }), imports: importsOf(path, withStrings) };
}

const staticImport = /(?:^|[;\n])\s*(?:import|export)\s+(type\s+)?([^"';]*?\bfrom\s*)?["']([^"'\n]+)["']/g;
const dynamicImport = /\bimport\s*\(\s*["']([^"'\n]+)["']/g;

function importsOf(path: string, code: string): Import[] {
  const found = [...code.matchAll(staticImport)].map(([, typeKeyword, clause, specifier]) => ({
    specifier: specifier!,
    typeOnly: typeKeyword !== undefined || onlyTypesNamed(clause ?? ""),
  }));
  const dynamic = [...code.matchAll(dynamicImport)].map(([, specifier]) => ({ specifier: specifier!, typeOnly: false }));
  return [...found, ...dynamic].map((entry) => ({ ...entry, target: targetOf(path, entry.specifier) }));
}

/** `{ type A, type B } from`: nothing of it is left at run time. */
function onlyTypesNamed(clause: string): boolean {
  const names = /^\s*\{([^}]*)\}\s*from\s*$/.exec(clause)?.[1];
  return names?.split(",").every((name) => name.trim() === "" || /^type\s/.test(name.trim())) ?? false;
}

function targetOf(path: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return join(path, "..", specifier);
  const [, workspace, rest] = /^@nocp\/([^/]+)\/(.+)$/.exec(specifier) ?? [];
  const folder = workspace === undefined ? undefined : workspaces[workspace];
  return folder === undefined ? undefined : `${folder}/src/${rest}`;
}

/** After one of these, a slash begins a regular expression; elsewhere it divides. */
const beforeRegularExpression = /(?:^|[(,=:[!&|?{};<>+\-*%~^]|\breturn|\btypeof|\bcase|=>)\s*$/;

/** Replaces comments, and with `strings` also the insides of strings and regular expressions, by spaces. */
function blank(text: string, { strings }: { readonly strings: boolean }): string {
  let out = "";
  let position = 0;
  /** Depth of braces within each open `${`. */
  const templates: number[] = [];
  const hide = (end: number, hidden: boolean) => {
    const piece = text.slice(position, end);
    out += hidden ? piece.replace(/[^\n]/g, " ") : piece;
    position = end;
  };
  const quoted = (quote: string) => {
    let end = position + 1;
    while (end < text.length && text[end] !== quote && text[end] !== "\n") end += text[end] === "\\" ? 2 : 1;
    hide(position + 1, false);
    hide(end, strings);
    hide(Math.min(end + 1, text.length), false);
  };
  const template = () => {
    let end = position;
    while (end < text.length && text[end] !== "`" && !text.startsWith("${", end)) end += text[end] === "\\" ? 2 : 1;
    hide(end, strings);
    if (text[position] === "`") return hide(position + 1, false);
    hide(position + 2, false);
    templates.push(0);
  };
  const regularExpression = () => {
    let end = position + 1;
    let inClass = false;
    while (end < text.length && text[end] !== "\n" && (inClass || text[end] !== "/")) {
      if (text[end] === "[") inClass = true;
      if (text[end] === "]") inClass = false;
      end += text[end] === "\\" ? 2 : 1;
    }
    hide(end + 1, strings);
  };
  while (position < text.length) {
    const character = text[position]!;
    const depth = templates.at(-1);
    if (text.startsWith("//", position)) hide(endAt(text, "\n", position), true);
    else if (text.startsWith("/*", position)) hide(endAt(text, "*/", position) + 2, true);
    else if (character === '"' || character === "'") quoted(character);
    else if (character === "`") {
      hide(position + 1, false);
      template();
    } else if (character === "/" && beforeRegularExpression.test(out.slice(-20))) regularExpression();
    else if (depth !== undefined && character === "}" && depth === 0) {
      templates.pop();
      hide(position + 1, false);
      template();
    } else {
      if (depth !== undefined && character === "{") templates[templates.length - 1] = depth + 1;
      if (depth !== undefined && character === "}") templates[templates.length - 1] = depth - 1;
      hide(position + 1, false);
    }
  }
  return out;
}

const endAt = (text: string, mark: string, from: number): number => {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found;
};
