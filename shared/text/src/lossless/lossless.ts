// Writes a text in fewer tokens and loses none of it; `restoreText` gives it back: JSON value for value, other text byte
// for byte. The first line of what is written says how to read the rest, to a model as to `restoreText`.
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import { isNestedDeeper } from "@nocp/contracts/json-depth.ts";
import { equalValues } from "../formats/equal-values.ts";
import { readDelimited, writeDelimited } from "./delimited.ts";
import type { CountTokens } from "./infer-template.ts";
import { hasRepeatedKeys } from "./json-source.ts";
import { deepestLevel, readJsonTables, writeJsonTables } from "./json-tables.ts";
import { readLineTemplates, writeLineTemplates } from "./line-templates.ts";
import { isAnchor, readTimes, writeTimes } from "./line-times.ts";
import { restorePayloads, type WithoutPayloads, withoutPayloads } from "./payloads.ts";

const mark = "#lossless ";
const holes =
  "{} a cell, cells are separated by tabs; {2} two digits, which follow each other in one cell; {7+1} counts 7, 8, …, {2024-05-01 +60s} the time; {a|b} the cell is the option's number from 0";

type Kind = "json" | "records" | "table" | "lines" | "times" | "plain";

const lineRules = `A=… is the template of lines that begin with A, *3A of the next 3 lines; >2 x: the next 2 lines begin with x; ${holes}`;

/** What the first line says after the mark and the kind. */
const legends: Readonly<Record<Kind, string>> = {
  json: `"@1" stands for the table below; ${holes}; in brackets: JSON`,
  records: `one JSON object a row; ${holes}; in brackets: JSON`,
  table: holes,
  lines: lineRules,
  times: `each line began with a time: that of the first, and how far each is behind the one before; @ is that of the next line; ${lineRules}`,
  plain: "as it is",
};

export interface LosslessText {
  readonly text: string;
  /** What references in the text stand for; empty unless asked for. */
  readonly payloads: ReadonlyMap<string, string>;
  readonly kind: Kind;
}

/**
 * @param count tokens of a text, as the model counts them.
 * @param options.payloads whether references may stand for binary data; `restoreText` then needs what they stand for.
 * @returns the text itself where nothing saves tokens. Every other way of writing it was read back before it is returned.
 */
export function writeLossless(
  source: string,
  count: CountTokens,
  options: { readonly payloads: boolean } = { payloads: false },
): LosslessText {
  const { text, payloads }: WithoutPayloads = options.payloads ? withoutPayloads(source) : { text: source, payloads: new Map() };
  const asItIs: LosslessText = text.startsWith(mark)
    ? { text: written("plain", text), payloads, kind: "plain" }
    : { text, payloads, kind: "plain" };
  const candidates = candidatesOf(text, count).filter((candidate) => givesBack(candidate.text, text));
  const ranked = candidates.map((candidate) => ({ candidate, tokens: count(candidate.text) }));
  const best = ranked.reduce((least, entry) => (entry.tokens < least.tokens ? entry : least), {
    candidate: asItIs as { readonly text: string; readonly kind: Kind },
    tokens: count(asItIs.text),
  });
  return { ...best.candidate, payloads };
}

const written = (kind: Kind, body: string): string => `${mark}${kind}: ${legends[kind]}\n${body}`;

function candidatesOf(text: string, count: CountTokens): { readonly text: string; readonly kind: Kind }[] {
  const value = parsedOf(text);
  if (value !== undefined) {
    const compact = writeJson(value.json);
    return [
      { kind: "json", text: written("json", writeJsonTables(value.json, count)) },
      // Compact JSON needs no explanation.
      ...(compact.startsWith(mark) ? [] : [{ kind: "plain" as const, text: compact }]),
    ];
  }
  const { lines, ending, isTerminated } = linesOf(text);
  if (lines.length < 2) return [];
  const frame = `${ending === "\r\n" ? "crlf " : ""}${isTerminated ? "" : "unterminated "}`;
  const bodies: [Kind, string | undefined][] = [
    ["records", recordsBody(lines, count)],
    ["table", writeDelimited(lines, count)],
    linesBody(lines, count),
  ];
  return bodies.flatMap(([kind, body]) => (body === undefined ? [] : [{ kind, text: written(kind, `${frame}\n${body}`) }]));
}

/** JSON in which nothing would be lost by parsing. */
function parsedOf(text: string): { readonly json: unknown } | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const json = parseExactly(text);
    return isNestedDeeper(json, deepestLevel) || hasRepeatedKeys(text, json) ? undefined : { json };
  } catch {
    return undefined;
  }
}

/** Lines of JSON as one list of objects. */
function recordsBody(lines: readonly string[], count: CountTokens): string | undefined {
  if (!lines.every((line) => line.startsWith("{"))) return undefined;
  const values = lines.map(parsedOf);
  return values.includes(undefined)
    ? undefined
    : writeJsonTables(
        values.map((value) => value?.json),
        count,
      );
}

/** Where lines begin with times that follow a rule, it comes first, and the others are as lines without times would be. */
function linesBody(lines: readonly string[], count: CountTokens): [Kind, string] {
  const [header, ...rest] = writeTimes(lines) ?? [];
  if (header === undefined) return ["lines", writeLineTemplates(lines, count)];
  return ["times", `${header}\n${writeLineTemplates(rest, count, isAnchor)}`];
}

interface Lines {
  readonly lines: readonly string[];
  readonly ending: "\n" | "\r\n";
  readonly isTerminated: boolean;
}

/** Lines end with CRLF where all of them do; elsewhere a carriage return is a character like any other. */
function linesOf(text: string): Lines {
  const isTerminated = text.endsWith("\n");
  const inside = isTerminated ? text.slice(0, -1) : text;
  const lines = inside.split("\n");
  const last = lines.length - 1;
  const isCrlf = lines.every((line, at) => line.endsWith("\r") || (at === last && !isTerminated));
  if (!isCrlf) return { lines, ending: "\n", isTerminated };
  return { lines: lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line)), ending: "\r\n", isTerminated };
}

function givesBack(candidate: string, text: string): boolean {
  try {
    const restored = restoreText(candidate);
    const value = parsedOf(text);
    return value === undefined ? restored === text : equalValues(parseExactly(restored), value.json);
  } catch {
    return false;
  }
}

/**
 * Gives back what `writeLossless` was given: JSON as compact JSON of the same value, other text byte for byte.
 * @param payloads what references stand for.
 * @throws SyntaxError when the text begins like a lossless one and is none.
 */
export function restoreText(text: string, payloads: ReadonlyMap<string, string> = new Map()): string {
  if (!text.startsWith(mark)) return restorePayloads(text, payloads);
  const end = text.indexOf("\n");
  const kind = text.slice(mark.length, text.indexOf(":", mark.length));
  const body = text.slice(end + 1);
  return restorePayloads(
    kind === "plain" ? body : kind === "json" ? writeJson(readJsonTables(body)) : restoreLines(kind, body),
    payloads,
  );
}

function restoreLines(kind: string, framed: string): string {
  const end = framed.indexOf("\n");
  const frame = framed.slice(0, end).split(" ");
  const body = framed.slice(end + 1);
  const ending = frame.includes("crlf") ? "\r\n" : "\n";
  return readBody(kind, body).join(ending) + (frame.includes("unterminated") ? "" : ending);
}

function readBody(kind: string, body: string): string[] {
  if (kind === "records") return (readJsonTables(body) as unknown[]).map(writeJson);
  if (kind === "table") return readDelimited(body);
  if (kind === "lines") return readLineTemplates(body);
  if (kind === "times") {
    const end = body.indexOf("\n");
    return readTimes([body.slice(0, end), ...readLineTemplates(body.slice(end + 1))]);
  }
  throw new SyntaxError(`no lossless text is of the kind ${kind.slice(0, 40)}`);
}
