// Comma, semicolon and tab separated values (RFC 4180): a record is one unit, with the line breaks in its quotes, under the header.
import { recordPatternOf } from "../record-pattern.ts";
import type { TextKind, TextSample } from "../text-kind.ts";

const quote = 34;
const separators = [",", "\t", ";", "|"] as const;
const fewestRecords = 3;
/** Records that are looked at, and the share of them that has as many fields as the first line. */
const sampledRecords = 24;
const leastSame = 0.9;

export const csv: TextKind = {
  name: "csv",
  names: /\.(?:csv|tsv)$/,
  matches: (sample) => separatorOf(sample) !== undefined && !haveGaps(sample),
  read: (lines, units, sample) => {
    const separator = separatorOf(sample) ?? ",";
    let isFirst = true;
    for (let line = 0; line < lines.count; line++) {
      if (lines.isBlank(line)) continue;
      if (isFirst) units.open(lines.start(line), "table", { level: 0, label: lines.head(line) });
      else units.add(lines.start(line), "record");
      isFirst = false;
      line = lastLineOfRecord(sample, line, separator);
    }
  },
};

/** Whether blank lines stand between records that begin alike and are more than rows. */
function haveGaps({ lines, name }: TextSample): boolean {
  let blank = 0;
  for (let line = 0; line < Math.min(lines.count, 2 * sampledRecords); line++) if (lines.isBlank(line)) blank++;
  return blank >= fewestGaps && !/\.(?:csv|tsv)$/.test(name) && recordPatternOf(lines) !== undefined;
}

const fewestGaps = 3;

/** The line on which the quotes that a line opens are closed; the line itself where they never are. */
function lastLineOfRecord({ lines, text }: TextSample, from: number, separator: string): number {
  // Most records have no quotes, and are the line they begin on.
  if (!text.slice(lines.start(from), lines.start(from + 1)).includes('"')) return from;
  const separatorCode = separator.charCodeAt(0);
  let isQuoted = false;
  let line = from;
  let isFieldStart = true;
  for (let at = lines.start(from); at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      if (isQuoted) {
        if (text.charCodeAt(at + 1) === quote) at++;
        else isQuoted = false;
      } else if (isFieldStart) isQuoted = true;
      isFieldStart = false;
    } else if (code === 10) {
      if (!isQuoted) return line;
      line++;
      if (line - from > longestRecord) return from;
    } else isFieldStart = !isQuoted && (code === separatorCode || (isFieldStart && code === 32));
  }
  return isQuoted ? from : line;
}

/** Lines; a quote that is open for longer is a character of its own. */
const longestRecord = 200;

/** The separator that the first records have equally often; undefined where none has. */
function separatorOf(sample: TextSample): string | undefined {
  const { lines, name, heads } = sample;
  if (heads.length < 3) return undefined;
  const first = lines.head(0);
  const isNamed = /\.(?:csv|tsv)$/.test(name);
  if (/^\s|^[-*#|>]|[.!?:]$/.test(first) && !isNamed) return undefined;
  const mostRecords = Math.min(sampledRecords, lines.count - 1);
  return separators.find((separator) => {
    if (!first.includes(separator)) return false;
    const columns = fieldsIn(first, separator);
    if (columns < 2 || (columns === 2 && !isNamed && separator !== "\t")) return false;
    let records = 0;
    let same = 0;
    for (let line = 1; line < lines.count && records < sampledRecords; line++) {
      if (lines.isBlank(line)) continue;
      const last = lastLineOfRecord(sample, line, separator);
      records++;
      const record = sample.text.slice(lines.start(line), Math.min(lines.start(last + 1), lines.start(line) + 4000));
      if (fieldsIn(record.trimEnd(), separator) === columns) same++;
      // Whatever comes, those that differ are too many.
      else if (mostRecords - records + same < leastSame * mostRecords) return false;
      line = last;
    }
    return records >= Math.min(fewestRecords, 2) && same >= leastSame * records;
  });
}

function fieldsIn(record: string, separator: string): number {
  const separatorCode = separator.charCodeAt(0);
  let fields = 1;
  let isQuoted = false;
  for (let at = 0; at < record.length; at++) {
    const code = record.charCodeAt(at);
    if (code === quote) isQuoted = !isQuoted;
    else if (code === separatorCode && !isQuoted) fields++;
  }
  return fields;
}
