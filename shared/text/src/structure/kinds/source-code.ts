// Source code: functions and classes as signature and body, under what encloses them; by a grammar, or else by indentation.

import { type Declaration, declarationsIn } from "../declarations.ts";
import { withSyntaxTree } from "../grammars.ts";
import type { Lines } from "../lines.ts";
import type { TextKind } from "../text-kind.ts";
import type { UnitBuilder } from "../unit-builder.ts";

const modifiers = String.raw`(?:(?:export|default|declare|public|private|protected|internal|static|final|abstract|async|override|virtual|sealed|open|inline|const|unsafe|extern|pub(?:\([^)]*\))?|partial|synchronized|readonly|suspend|data|"C"|constexpr|template\s*<[^>]*>)\s+)*`;
const declarations: readonly RegExp[] = [
  // Python, Ruby, Go, Rust, JavaScript, Kotlin, Swift, PHP, shell.
  new RegExp(
    `^\\s*${modifiers}(?:def|class|interface|struct|enum|trait|impl|func|fn|function\\*?|fun|module|namespace|object|protocol|extension|record|union|mod|type(?=\\s+\\w+\\s+(?:struct|interface)))\\b[^;]*$`,
  ),
  /^\s*[\w-]+\s*\(\)\s*\{?\s*$/,
  // const name = (…) => {, name = function (…) {
  /^\s*(?:export\s+)?(?:const|let|var)\s+[\w$]+\s*(?::[^=]+)?=\s*(?:async\s*)?(?:\([^;]*|\w+\s*=>.*|function\b.*)(?:=>\s*)?[{(]?\s*$/,
  // Methods and functions of C, C++, Java, C#: a name with parameters, then a brace.
  new RegExp(
    `^\\s*${modifiers}(?:[\\w$<>\\[\\],.:*&?~ ]+\\s+)?[*&]*[\\w$:~]+\\s*\\([^;=]*\\)?\\s*(?:const|noexcept|override|throws [\\w., ]+|:\\s*[^;{]+)?\\s*\\{?\\s*$`,
  ),
];
const notDeclaration =
  /^\s*(?:if|else|for|foreach|while|switch|catch|try|do|return|throw|with|elif|except|finally|match|case|await|yield|new|print|assert|raise|unless|when|using|lock|super|this|self)\b/;
const attached = /^\s*(?:@\w|#\[|\/\/|\/\*|\*|#(?!include|define|if|endif|pragma|\d)|"""|'''|\[\w+(?:\(.*\))?\]\s*$|---)/;
const codeLine =
  /[;{}]\s*$|^\s*(?:def |class |import |from \S+ import|return\b|if\b.*:\s*$|for\b.*:\s*$|fn |func |function\b|const |let |var |#include|package |use |pub |public |private |protected |self\.|elif |else:|raise |except\b|\}|@\w+|print\(|end$)|=>|\)\s*:\s*$|^\s*[\w.]+\s*[-+*/]?=\s*\S|^\s*[\w.$]+\(.*\)\s*;?$/;
const names =
  /\.(?:[cm]?[jt]sx?|py|pyi|go|java|rs|c|h|cc|cpp|cxx|hpp|cs|rb|php|kt|kts|swift|scala|sh|bash|zsh|lua|pl|r|m|mm|dart|ex|exs|jl|hs|vue|svelte)$/;

export const sourceCode: TextKind = {
  name: "source-code",
  names,
  matches: ({ name, heads, share, lines }) => {
    if (heads.length < 4) return false;
    const code = share(codeLine) + share(attached) * 0.5;
    if (names.test(name)) return code > 0.3;
    if (share(/^#{1,6} \S|^[-*] \S|^```/) > 0.06 || share(/^\w[^(){};=]*[.!?]$/) > 0.15) return false;
    return code > 0.55 && heads.some((_, at) => isDeclaration(lines.head(at)) || isDeclaration(heads[at] as string));
  },
  read: (lines, units, { name }) => {
    const declarations = withSyntaxTree(name, lines.text, (root) => declarationsIn(root));
    if (declarations === undefined || declarations.length === 0) readByIndentation(lines, units, 0, lines.count);
    else readDeclarations(lines, units, declarations, 0, lines.count, 0);
  },
};

const isDeclaration = (head: string): boolean =>
  !notDeclaration.test(head) && declarations.some((pattern) => pattern.test(head)) && !isCall(head);

/** `run(x);` and `run(x)` call; `run(x) {` declares. */
const isCall = (head: string): boolean =>
  /^\s*[\w.$]+\([^{]*$/.test(head) && !/^\s*(?:def|class|func|fn|function)\b/.test(head) && !/\{\s*$/.test(head);

/** UTF-16 units up to which a body is kept whole or not at all; longer ones are cut where their statements begin. */
const longestBody = 2400;
const longestSignature = 12;

function readByIndentation(lines: Lines, units: UnitBuilder, from: number, to: number): void {
  let pending = -1;
  let line = from;
  const begin = (at: number): number => {
    const start = pending === -1 ? at : pending;
    pending = -1;
    return lines.start(start);
  };
  while (line < to) {
    const head = lines.head(line);
    if (lines.isBlank(line)) {
      line++;
      continue;
    }
    if (attached.test(head) && line + 1 < lines.count) {
      if (pending === -1) pending = line;
      line++;
      continue;
    }
    const indent = lines.indent(line);
    if (isDeclaration(head)) {
      const start = begin(line);
      const bodyAt = endOfSignature(lines, line);
      const end = endOfBlock(lines, bodyAt, indent);
      units.open(start, "declaration", { level: indent, label: head.trimEnd() });
      line = holdsDeclarations(lines, bodyAt, end, indent) ? bodyAt : readBody(lines, units, bodyAt, end);
      continue;
    }
    if (closesOnly.test(head) && line > 0) {
      line++;
      continue;
    }
    const start = begin(line);
    units.add(start, "statement", indent);
    line = endOfStatement(lines, line, indent);
  }
  if (pending !== -1) units.add(lines.start(pending), "statement");
}

/** What stands between declarations is read as statements; members of a class stand below it. */
function readDeclarations(
  lines: Lines,
  units: UnitBuilder,
  declarations: readonly Declaration[],
  from: number,
  to: number,
  level: number,
): void {
  let line = from;
  for (const { row, bodyRow, endRow, nameRow, members } of declarations) {
    // Two on one row are one unit.
    if (row < line) continue;
    readStatements(lines, units, line, row, level);
    units.open(lines.start(row), "declaration", { level, label: lines.head(nameRow).trimEnd() });
    if (members.length > 0) readDeclarations(lines, units, members, bodyRow, endRow, level + 1);
    else readBody(lines, units, bodyRow, endRow);
    line = endRow;
  }
  readStatements(lines, units, line, to, level);
}

function readStatements(lines: Lines, units: UnitBuilder, from: number, to: number, level: number): void {
  let line = from;
  while (line < to) {
    if (lines.isBlank(line) || (line > 0 && closesOnly.test(lines.head(line)))) {
      line++;
      continue;
    }
    const start = lines.start(line);
    while (line + 1 < to && attached.test(lines.head(line))) line++;
    units.add(start, "statement", level);
    line = Math.min(to, endOfStatement(lines, line, lines.indent(line)));
  }
}

/** Brackets that end what is above them, and say nothing alone. */
const closesOnly = /^\s*(?:[)}\]]+(?:[;,][;,)]*)?|end)\s*$/;

/** @returns the line after a declaration's parameters, whose brackets may span several. */
function endOfSignature(lines: Lines, from: number): number {
  let depth = 0;
  for (let line = from; line < Math.min(lines.count, from + longestSignature); line++) {
    for (const character of lines.head(line)) {
      if (character === "(") depth++;
      else if (character === ")") depth--;
    }
    if (depth <= 0) return /^\s*\{\s*$/.test(lines.head(line + 1)) ? line + 2 : line + 1;
  }
  return from + 1;
}

/** @returns the line after the block that is indented below `indent`, with the bracket that closes it. */
function endOfBlock(lines: Lines, from: number, indent: number): number {
  let line = from;
  while (
    line < lines.count &&
    (lines.isBlank(line) || lines.indent(line) > indent || /^\s*#(?:if|else|endif|define)/.test(lines.head(line)))
  )
    line++;
  if (
    line < lines.count &&
    lines.indent(line) === indent &&
    /^\s*(?:[)}\]]+(?:[;,][;,)]*)?|end|done|fi)\s*(?:;\s*)?$/.test(lines.head(line))
  )
    line++;
  return line;
}

/** Whether members are declared directly below: a class, and not a function with a closure in it. */
function holdsDeclarations(lines: Lines, from: number, end: number, indent: number): boolean {
  if (
    !/^.{0,80}?\b(?:class|interface|struct|enum|trait|impl|module|namespace|object|mod|extension|protocol)\b/.test(
      lines.head(from - 1).trimStart(),
    )
  )
    return false;
  for (let line = from; line < end; line++)
    if (!lines.isBlank(line) && lines.indent(line) > indent && isDeclaration(lines.head(line))) return true;
  return false;
}

function readBody(lines: Lines, units: UnitBuilder, from: number, end: number): number {
  if (from >= end) return Math.max(end, from);
  if (lines.start(end) - lines.start(from) <= longestBody) {
    units.add(lines.start(from), "body");
    return end;
  }
  const indent = lines.indent(lines.isBlank(from) ? from + 1 : from);
  let partStart = lines.start(from);
  units.add(partStart, "body");
  for (let line = from + 1; line < end; line++) {
    if (lines.isBlank(line) || lines.indent(line) > indent || /^\s*[)}\]]/.test(lines.head(line))) continue;
    if (lines.start(line) - partStart < shortestPart) continue;
    partStart = lines.start(line);
    units.add(partStart, "body");
  }
  return end;
}

const shortestPart = 320;

/** A statement goes on while lines are indented below it or close its brackets; imports in a row are one. */
function endOfStatement(lines: Lines, from: number, indent: number): number {
  const isImport = importLine.test(lines.head(from));
  let line = from + 1;
  for (; line < lines.count; line++) {
    if (lines.isBlank(line)) continue;
    if (lines.indent(line) > indent && !isDeclaration(lines.head(line))) continue;
    if (lines.indent(line) === indent && /^\s*[)}\]]/.test(lines.head(line))) continue;
    if (isImport && importLine.test(lines.head(line)) && !lines.isBlank(line - 1)) continue;
    break;
  }
  return line;
}

const importLine = /^\s*(?:import\b|from \S+ import|use |using |#include|require|package )/;
