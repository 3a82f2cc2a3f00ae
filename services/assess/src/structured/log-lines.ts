// Recognises logs in a tool's result and gives their lines: text of many lines, lists of strings, records with a message.
import { parseStructure } from "@nocp/text/structure/parse-structure.ts";
import { labelOf, type Structure } from "@nocp/text/structure/unit.ts";
import { readTemplate } from "./line-template.ts";
import { oneLine } from "./one-line.ts";
import { embeddedJson } from "./string-content.ts";

export interface LogLines {
  readonly lines: readonly string[];
  /** What stood beside the lines: small fields of the object around them, fields all records share. */
  readonly heading: string;
  /** Positions of lines that report a failure, several lines of text each maybe. */
  readonly failures?: ReadonlySet<number>;
}

/** Fewer lines are no log. */
const fewestLines = 12;
const messageKey = /^(?:message|msg|log|line|text|event|body|@message|short_message|MESSAGE)$/;
const levelKey = /^(?:level|severity|lvl|log_?level|levelname|loglevel|priority|PRIORITY)$/i;
const timeKey = /^(?:@?time(?:stamp)?|ts|date|datetime|at|created_?at|time_?local)$/i;

/** @returns undefined when the value is no log. Looks at the outermost two levels only. */
export function logLinesOf(value: unknown): LogLines | undefined {
  if (typeof value === "string") return linesOfText(value);
  if (Array.isArray(value)) return linesOfList(value);
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value);
  if (entries.length > 24) return undefined;
  for (const [key, content] of entries) {
    const isLong = typeof content === "string" ? content.length > 600 : Array.isArray(content) && content.length >= fewestLines;
    const found = isLong ? logLinesOf(content) : undefined;
    if (!found || found.lines.length < fewestLines) continue;
    const rest = entries.filter(([other, field]) => other !== key && isSmall(field));
    if (rest.length !== entries.length - 1) return undefined;
    const heading = rest.map(([other, field]) => `${other}: ${String(field)}`).join("; ");
    return { ...found, heading: [heading, found.heading].filter(Boolean).join("; ") };
  }
  return undefined;
}

const isSmall = (field: unknown): boolean =>
  typeof field === "string" ? field.length < 200 : typeof field !== "object" || field === null;

/** Kinds whose units are events: a stack trace or a failure's report counts as one line. */
const eventKinds: ReadonlySet<string> = new Set(["log", "program-run"]);

const linesOfText = (text: string): LogLines | undefined => logLinesOfStructure(parseStructure(text));

/** Of a text that is a string itself. */
export function logLinesOfStructure(structure: Structure): LogLines | undefined {
  const { text } = structure;
  // The same line in two steps of a build is not the same event.
  if (structure.kind === "log" && structure.units.some(({ role }) => role === "section")) return undefined;
  if (eventKinds.has(structure.kind)) return linesOfEvents(structure);
  // What has another structure is no log, however alike its lines: hits of a search must not be folded.
  if (structure.kind !== "outline") return undefined;
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (lines.length < fewestLines) return undefined;
  if (lines[0]?.startsWith("{") && lines[1]?.startsWith("{")) {
    const records = lines.map(embeddedJson);
    if (records.every((record) => typeof record === "object")) return linesOfRecords(records as Record<string, unknown>[]);
  }
  const isLog = isMarked(lines) || (!isUnderHeadings(structure) && !areLongEntries(structure) && looksLikeLog(lines));
  return isLog ? { lines, heading: "" } : undefined;
}

/** Whether most of a text stands below headings: lines that come again in each section are no log. */
function isUnderHeadings({ units }: Structure): boolean {
  const headings = units.filter(({ role }) => role === "heading").length;
  const below = units.filter(({ parent }) => units[parent]?.role === "heading").length;
  return headings >= fewestHeadings && below >= units.length / 2;
}

const fewestHeadings = 3;

/** Whether most of a text are entries of several lines: line by line they would be torn. */
const areLongEntries = ({ text, units }: Structure): boolean =>
  units.filter(({ role, start, end }) => role === "entry" && text.slice(start, end).trim().includes("\n")).length >=
  units.length / 2;

function linesOfEvents(structure: Structure): LogLines | undefined {
  const { text, units } = structure;
  const lines: string[] = [];
  const failures = new Set<number>();
  const named = new Set(units.flatMap(({ role, parent }) => (role === "failure" ? [parent] : [])));
  units.forEach(({ start, end, role, parent }, at) => {
    const own = text.slice(start, end).trimEnd();
    // What a failure stands below comes with it, and not by itself.
    if (own.trim() === "" || named.has(at)) return;
    if (role === "failure") failures.add(lines.length);
    lines.push(role === "failure" && parent !== -1 ? `${labelOf(structure, parent)}\n${own}` : own);
  });
  return lines.length < fewestLines ? undefined : { lines, heading: "", failures };
}

function linesOfList(list: readonly unknown[]): LogLines | undefined {
  if (list.length < fewestLines) return undefined;
  if (list.every((line) => typeof line === "string"))
    return looksLikeLog(list as string[]) ? { lines: list as string[], heading: "" } : undefined;
  const isRecords = list.every((record) => typeof record === "object" && record !== null && !Array.isArray(record));
  return isRecords ? linesOfRecords(list as Record<string, unknown>[]) : undefined;
}

/** Records become lines: time, level, the rest as `key=value`, the message last. Fields that all share go into the heading. */
function linesOfRecords(records: readonly Record<string, unknown>[]): LogLines | undefined {
  const first = records[0] ?? {};
  const keys = Object.keys(first);
  const message = keys.find((key) => messageKey.test(key) && typeof first[key] === "string");
  const level = keys.find((key) => levelKey.test(key));
  const time = keys.find((key) => timeKey.test(key));
  if (message === undefined || (level === undefined && time === undefined) || keys.length > 24) return undefined;
  const shared = keys.filter(
    (key) => records.length > 1 && records.every((record) => isSmall(record[key]) && record[key] === first[key]),
  );
  const hidden = new Set([...shared, message, level, time]);
  const lines = records.map((record) => {
    const fields = Object.entries(record).flatMap(([key, field]) =>
      hidden.has(key) || field === null || field === "" ? [] : [`${key}=${isSmall(field) ? String(field) : boundedJson(field)}`],
    );
    const parts = [time && record[time], level && record[level], ...fields, record[message]];
    const line = parts.filter((part) => part !== undefined && part !== "").map(String);
    return oneLine(line.join(" "), " ⏎ ");
  });
  if (!isRepetitive(lines)) return undefined;
  return { lines, heading: shared.map((key) => `all ${key}=${String(first[key])}`).join("; ") };
}

/** Records nested too deep for JSON are shown by their kind alone. */
function boundedJson(field: unknown): string {
  try {
    return JSON.stringify(field);
  } catch {
    return "{…}";
  }
}

const startsWithTime =
  /^[^\p{L}]{0,3}(?:\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|\d{1,3}(?:\.\d{1,3}){3}\s|\w{3} +\d{1,2} \d\d:\d\d|\d{10,13}\b|\d\d\/\w{3}\/\d{4}|\d{6} \d{6})/u;
const hasLevel = /\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL|SEVERE)\b/;

/** Lines that begin with a time or hold a level, or that are the same but for their numbers. Code and settings are indented. */
function looksLikeLog(lines: readonly string[]): boolean {
  const sample = sampleOf(lines);
  const indented = sample.filter((line) => /^\s/.test(line)).length;
  return isMarked(lines) || (indented < 0.3 * sample.length && isRepetitive(lines));
}

function isMarked(lines: readonly string[]): boolean {
  const sample = sampleOf(lines);
  const marked = sample.filter((line) => startsWithTime.test(line) || hasLevel.test(line.slice(0, 200))).length;
  return marked >= 0.5 * sample.length;
}

function sampleOf(lines: readonly string[]): string[] {
  const step = Math.max(1, Math.floor(lines.length / 64));
  return lines.filter((_, index) => index % step === 0);
}

function isRepetitive(lines: readonly string[]): boolean {
  const sample = sampleOf(lines).map((line) => readTemplate(line).template);
  return new Set(sample).size <= 0.6 * sample.length;
}
