// Writes a text in fewer tokens and loses none of it; `restoreText` gives it back: JSON value for value, other text byte
// for byte. The first line of what is written says how to read the rest, to a model as to `restoreText`.
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import { equalValues } from "../formats/equal-values.ts";
import { readDelimited, writeDelimited } from "./delimited.ts";
import type { CountTokens } from "./infer-template.ts";
import { parseSource } from "./json-source.ts";
import { readJsonTables, writeJsonTables } from "./json-tables.ts";
import { readLineTemplates, writeLineTemplates } from "./line-templates.ts";
import { isAnchor, readTimes, writeTimes } from "./line-times.ts";
import { fillPayloads, payloadLegend } from "./payloads.ts";

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
  readonly kind: Kind;
}

/**
 * @param count tokens of a text, as the model counts them.
 * @returns the text itself where nothing saves tokens. Every other way of writing it was read back before it is returned.
 */
export function writeLossless(text: string, count: CountTokens): LosslessText {
  const asItIs: LosslessText = text.startsWith(mark) ? { text: written("plain", text), kind: "plain" } : { text, kind: "plain" };
  const candidates = candidatesOf(text, count).filter((candidate) => givesBack(candidate.text, text));
  const ranked = candidates.map((candidate) => ({ candidate, tokens: count(candidate.text) }));
  return ranked.reduce((least, entry) => (entry.tokens < least.tokens ? entry : least), {
    candidate: asItIs,
    tokens: count(asItIs.text),
  }).candidate;
}

const written = (kind: Kind, body: string): string => `${mark}${kind}: ${legends[kind]}\n${body}`;

function candidatesOf(text: string, count: CountTokens): LosslessText[] {
  const value = parseSource(text);
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

/** Lines of JSON as one list of objects. */
function recordsBody(lines: readonly string[], count: CountTokens): string | undefined {
  if (!lines.every((line) => line.startsWith("{"))) return undefined;
  const values = lines.map(parseSource);
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
    const value = parseSource(text);
    return value === undefined ? restored === text : equalValues(parseExactly(restored), value.json);
  } catch {
    return false;
  }
}

/** A text in which references stand for binary data, and what it was written as. */
export const frameReferring = (body: string, isJson: boolean): string =>
  `${mark}${isJson ? jsonPayloads : textPayloads}: ${payloadLegend}\n${body}`;

const textPayloads = "payloads";
const jsonPayloads = "payloads in JSON";

/**
 * Gives back what was written without loss: JSON as compact JSON of the same value, other text byte for byte.
 * @param payloads what references in the text stand for, as fetched from the archive, by reference.
 * @throws MissingPayloads when the text refers to what was not given.
 * @throws SyntaxError when the text begins like a lossless one and is none.
 */
export function restoreText(text: string, payloads: ReadonlyMap<string, string> = new Map()): string {
  if (!text.startsWith(mark)) return text;
  const end = text.indexOf("\n");
  const kind = text.slice(mark.length, text.indexOf(":", mark.length));
  const body = text.slice(end + 1);
  if (kind === textPayloads || kind === jsonPayloads) return fillPayloads(restoreText(body), payloads, kind === jsonPayloads);
  if (kind === "plain") return body;
  return kind === "json" ? writeJson(readJsonTables(body)) : restoreLines(kind, body);
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
