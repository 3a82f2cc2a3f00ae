// Searching files for a text, one after the other. Runs in a child process: a regular expression may take for ever.
import { closeSync, fstatSync, opendirSync, openSync, readFileSync, statSync } from "node:fs";
import { basename, join, matchesGlob, relative } from "node:path";
import { isDenied } from "./locate-file.ts";
import { isOpenOn, openFlags } from "./opened-file.ts";
import { encodingOf, encodingSampleBytes } from "./text-encoding.ts";

export interface SearchTask {
  /** Where to start, without symbolic links: a folder or a file. */
  readonly realPath: string;
  readonly realRoot: string;
  /** What found paths begin with, so that file.read takes them. */
  readonly root: string;
  readonly fileDeny: readonly string[];
  readonly pattern: string;
  readonly regex: boolean;
  readonly ignoreCase: boolean;
  /** Matched against the path below the start; without a slash, against the name alone. */
  readonly glob: string;
  readonly contextLines: number;
  readonly maxMatches: number;
}

export interface FileMatch {
  readonly path: string;
  /** Counts from 1. */
  readonly line: number;
  readonly text: string;
  readonly before?: string[];
  readonly after?: string[];
}

export interface SearchOutcome {
  readonly matches: FileMatch[];
  readonly filesSearched: number;
  /** Binary, unreadable, or larger than 8 MiB. */
  readonly filesSkipped: number;
  /** Why there may be more matches than these. */
  readonly stoppedBy: "maxMatches" | "maxFiles" | null;
}

const maxFiles = 50_000;
const maxFileBytes = 8 * 1024 * 1024;
/** A regular expression sees this much of a line, which keeps the common slow ones tolerable. */
const maxRegexCharacters = 10_000;
const shownCharacters = 300;
/** Folders that nobody means: other people's code, and the history of one's own. */
const skippedFolders = new Set(["node_modules", ".git", ".hg", ".svn"]);

/** Position of the first match in a line, or -1. */
type FindInLine = (line: string) => number;

export function searchFiles(task: SearchTask): SearchOutcome {
  const find = lineFinder(task);
  const matches: FileMatch[] = [];
  let filesSearched = 0;
  let filesSkipped = 0;
  for (const realPath of walk(task)) {
    if (filesSearched + filesSkipped >= maxFiles) return { matches, filesSearched, filesSkipped, stoppedBy: "maxFiles" };
    const text = readText(realPath);
    if (text === undefined) {
      filesSkipped += 1;
      continue;
    }
    filesSearched += 1;
    const path = join(task.root, relative(task.realRoot, realPath));
    for (const match of matchesIn(text, path, find, task.contextLines)) {
      if (matches.length >= task.maxMatches) return { matches, filesSearched, filesSkipped, stoppedBy: "maxMatches" };
      matches.push(match);
    }
  }
  return { matches, filesSearched, filesSkipped, stoppedBy: null };
}

function lineFinder({ pattern, regex, ignoreCase }: SearchTask): FindInLine {
  if (regex) {
    const expression = new RegExp(pattern, ignoreCase ? "iu" : "u");
    return (line) => line.slice(0, maxRegexCharacters).search(expression);
  }
  if (!ignoreCase) return (line) => line.indexOf(pattern);
  const lowered = pattern.toLowerCase();
  return (line) => line.toLowerCase().indexOf(lowered);
}

/** Regular files in the order of their names. Symbolic links are not followed, so nothing leads out. */
function* walk({ realPath, realRoot, fileDeny, glob }: SearchTask): Generator<string> {
  if (statSync(realPath).isFile()) {
    yield realPath;
    return;
  }
  const isWanted = (path: string): boolean => matchesGlob(glob.includes("/") ? relative(realPath, path) : basename(path), glob);
  const folders = [realPath];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const below: string[] = [];
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (isDenied(relative(realRoot, path), fileDeny)) continue;
      if (entry.isDirectory() && !skippedFolders.has(entry.name)) below.push(path);
      else if (entry.isFile() && isWanted(path)) yield path;
    }
    folders.push(...below.reverse());
  }
}

function entriesOf(folder: string) {
  try {
    const directory = opendirSync(folder);
    const entries = [];
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) entries.push(entry);
    directory.closeSync();
    return entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** `undefined` for what is no text of a sensible size. */
function readText(path: string): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, openFlags);
    // A folder on the way may have become a link since it was listed.
    if (!isOpenOn(descriptor, path)) return undefined;
    const found = fstatSync(descriptor);
    if (!found.isFile() || found.size > maxFileBytes) return undefined;
    const bytes = readFileSync(descriptor);
    const encoding = encodingOf(bytes.subarray(0, encodingSampleBytes));
    if (encoding === "utf-8" && bytes.includes(0)) return undefined;
    // Not fatal: a file in another encoding may hold the text nevertheless.
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function* matchesIn(text: string, path: string, find: FindInLine, contextLines: number): Generator<FileMatch> {
  const lines = text.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const at = find(line);
    if (at < 0) continue;
    const around = (from: number, to: number): string[] => lines.slice(Math.max(0, from), to).map((other) => excerpt(other, 0));
    yield {
      path,
      line: index + 1,
      text: excerpt(line, at),
      ...(contextLines > 0
        ? { before: around(index - contextLines, index), after: around(index + 1, index + 1 + contextLines) }
        : {}),
    };
  }
}

/** The part of a long line around the match. */
function excerpt(line: string, at: number): string {
  if (line.length <= shownCharacters) return line;
  const from = Math.max(0, Math.min(at - 100, line.length - shownCharacters));
  const to = from + shownCharacters;
  return `${from > 0 ? "…" : ""}${line.slice(from, to)}${to < line.length ? "…" : ""}`;
}
