// Grammars of programming languages (tree-sitter, compiled to WebAssembly), loaded when a text first needs one.
import { createRequire } from "node:module";
import type { Node, Parser } from "@vscode/tree-sitter-wasm";

export type Language = "typescript" | "tsx" | "javascript" | "python" | "go" | "java" | "rust" | "cpp" | "bash";

const extensions: readonly (readonly [RegExp, Language])[] = [
  [/\.[cm]?ts$/, "typescript"],
  [/\.[jt]sx$/, "tsx"],
  [/\.[cm]?js$/, "javascript"],
  [/\.pyi?$/, "python"],
  [/\.go$/, "go"],
  [/\.java$/, "java"],
  [/\.rs$/, "rust"],
  [/\.(?:c|h|cc|cpp|cxx|hpp)$/, "cpp"],
  [/\.(?:sh|bash)$/, "bash"],
];

/** What tells languages apart without a file name: looked for at the beginnings of lines, more telling ones first. */
const cues: readonly (readonly [RegExp, Language])[] = [
  [/^#!.*\b(?:ba|z)?sh\b/m, "bash"],
  [/^package \w+\s*$/m, "go"],
  [/^(?:package|import) [\w.]+;[ \t]*$|^[ \t]*public (?:final |abstract )?class /m, "java"],
  [/^#include\s*[<"]|^(?:int|void|bool|double|static \w+) [\w:]+\([^()]{0,400}\)[^;(){}]{0,200}\{[ \t]*$/m, "cpp"],
  [/^[ \t]*(?:pub )?(?:fn|impl|struct|enum|mod) \w.*\{[ \t]*$|^use [\w:]+(?:\{.*\})?;[ \t]*$/m, "rust"],
  [/^[ \t]*(?:def \w+\(|class \w).*:[ \t]*$/m, "python"],
  [/^[ \t]*(?:export |import .* from |interface \w+ \{|type \w+ =)|\w\??: (?:string|number|boolean)\b/m, "typescript"],
  [/^[ \t]*(?:async )?function\*? \w+\(|^(?:const|let|var) \w+ = |=> \{[ \t]*$/m, "javascript"],
];

const cueLength = 6000;

export function languageOf(name: string, text: string): Language | undefined {
  const lower = name.toLowerCase();
  const named = extensions.find(([pattern]) => pattern.test(lower));
  if (named) return named[1];
  // Prose has no indented lines to speak of.
  if (!/\n(?:[ \t]{2}|\t|\})/.test(text.slice(0, cueLength))) return undefined;
  return cues.find(([pattern]) => pattern.test(text.slice(0, cueLength)))?.[1];
}

/** Loaded once for the process: a grammar has no state of its own. `null` while there is none to be had. */
const parsers = new Map<Language, Parser | null>();

/** Longer texts are read by their indentation alone. */
const longestSource = 4_000_000;

/**
 * Loads the grammar that a text needs; nothing for one that is no source code. Without it, or where it cannot be loaded,
 * code is read by its indentation.
 */
export async function loadGrammarFor(name: string, text: string): Promise<void> {
  const language = languageOf(name, text);
  if (language === undefined || parsers.has(language)) return;
  parsers.set(language, null);
  try {
    const require = createRequire(import.meta.url);
    const entry = require.resolve("@vscode/tree-sitter-wasm");
    const folder = entry.slice(0, entry.lastIndexOf("/") + 1);
    const { Parser, Language: Grammar } = require("@vscode/tree-sitter-wasm") as typeof import("@vscode/tree-sitter-wasm");
    await Parser.init({ locateFile: (file: string) => `${folder}${file}` });
    const parser = new Parser();
    parser.setLanguage(await Grammar.load(`${folder}tree-sitter-${language}.wasm`));
    parsers.set(language, parser);
  } catch {
    // The indentation serves instead.
  }
}

/** @returns what `read` makes of the syntax tree; undefined where no grammar is loaded. */
export function withSyntaxTree<T>(name: string, text: string, read: (root: Node) => T): T | undefined {
  const language = languageOf(name, text);
  const parser = language === undefined || text.length > longestSource ? undefined : parsers.get(language);
  const tree = parser?.parse(text);
  if (!tree) return undefined;
  try {
    return tree.rootNode.type === "ERROR" ? undefined : read(tree.rootNode);
  } finally {
    tree.delete();
  }
}
