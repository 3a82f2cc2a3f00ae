// YAML: a line stands below the keys it is indented under, and in a file of several documents below its document.
import type { Lines } from "../lines.ts";
import { areBlocks, recordPatternOf } from "../record-pattern.ts";
import { longestWhole } from "../record-sections.ts";
import type { TextKind } from "../text-kind.ts";

const key = /^\s*(?:- +)*(?:(?!- )[\w./$@*-][\w./$@* -]{0,80}|"[^"]{1,80}"|'[^']{1,80}'):(?:\s|$)/;
const dash = /^\s*-(?:\s|$)/;
const marker = /^---(?:\s|$)/;
const comment = /^\s*#/;
const blockValue = /:\s*[|>][+-]?\d?\s*(?:#.*)?$/;
const naming = /^\s*(?:- +)?(?:name|id|key|title|artifactId|metadata\.name):\s*(\S.{0,80})/;
const isYaml = (head: string): boolean => key.test(head) || dash.test(head) || comment.test(head) || marker.test(head);

export const yaml: TextKind = {
  name: "yaml",
  names: /\.ya?ml$/,
  matches: ({ name, heads, share, count, lines }) => {
    if (heads.length < 3) return false;
    if (/\.ya?ml$/.test(name) || /compose|^chart|values$/.test(name)) return heads.filter(isYaml).length > 0.5 * heads.length;
    let others = 0;
    let outer = 0;
    for (const head of heads) {
      if (isYaml(head)) continue;
      if (++others > 0.2 * heads.length) return false;
      if (/^\S/.test(head)) outer++;
    }
    if (share(/[;{}]\s*$/) > 0.2 || share(key) < 0.3) return false;
    // Rules and bullets above pairs of names and values.
    if (outer >= 0.05 * heads.length && recordPatternOf(lines) !== undefined) return false;
    // A key that comes back at the margin is no key: what it begins is a record.
    if (areBlocks(lines, longestWhole)) return false;
    const nested = share(/^\s+/);
    const openers = count(/^\s*(?:- +)?[\w"'./$@-]+:\s*$/);
    return openers > 0 ? nested > 0.2 : nested > 0.3;
  },
  read: (lines, units) => {
    let document: { unit: number; kind: string; name: string } | undefined;
    let isNested = false;
    let atDocumentStart = true;
    let inMetadata = false;
    let item: { unit: number; level: number; line: string } | undefined;
    let valueAbove = Number.POSITIVE_INFINITY;
    /** Of parts that are kept whole, as long as they follow each other. */
    let wholeLevel: number | undefined;
    const recordKey = repeatedKey(lines.text, lines.head(0));
    const nameDocument = () => {
      if (document && (document.kind || document.name)) {
        const parts = [document.kind && `kind: ${document.kind}`, document.name && `name: ${document.name}`];
        units.relabel(document.unit, `--- ${parts.filter(Boolean).join(", ")}`);
      }
    };
    const hasDocuments = /^(?:---|apiVersion:)/m.test(lines.text.slice(0, 4000));
    for (let line = 0; line < lines.count; line++) {
      if (lines.isBlank(line)) continue;
      const head = lines.head(line);
      const indent = lines.indent(line);
      const start = lines.start(line);
      if (marker.test(head)) {
        nameDocument();
        atDocumentStart = true;
        if (line > 0) {
          document = { unit: units.open(start, "section", { level: -1 }), kind: "", name: "" };
          atDocumentStart = false;
        }
        valueAbove = Number.POSITIVE_INFINITY;
        continue;
      }
      if (recordKey !== undefined && head.startsWith(recordKey)) {
        units.open(start, "section", { level: -1 });
        item = undefined;
        valueAbove = Number.POSITIVE_INFINITY;
        continue;
      }
      // The text of a block value is its key's own.
      if (indent > valueAbove) continue;
      valueAbove = Number.POSITIVE_INFINITY;
      if (comment.test(head)) {
        units.add(start, "setting", indent + 0.25);
        while (line + 1 < lines.count && comment.test(lines.head(line + 1))) line++;
        continue;
      }
      if (document === undefined && atDocumentStart && hasDocuments && indent === 0) {
        document = { unit: units.open(start, "section", { level: -1 }), kind: "", name: "" };
        if (head.startsWith("kind:")) document.kind = head.slice(5).trim();
        atDocumentStart = false;
        continue;
      }
      if (indent === 0) {
        inMetadata = head.startsWith("metadata:");
        if (document && head.startsWith("kind:")) document.kind = head.slice(5).trim();
      }
      const named = naming.exec(head);
      if (document && inMetadata && named && document.name === "") document.name = named[1]?.trim() ?? "";
      if (blockValue.test(head)) valueAbove = indent;
      const isItem = dash.test(head);
      const level = indent + (isItem ? 0.5 : 0);
      if (item && (level <= item.level || isItem)) item = undefined;
      if (item && named) {
        units.relabel(item.unit, `${item.line} … ${head.trim()}`);
        item = undefined;
      }
      const next = endOfHead(lines, line, isItem);
      const below = next === -1 ? -1 : lines.indent(next) + (dash.test(lines.head(next)) ? 0.5 : 0);
      isNested = below > level;
      if (isNested && valueAbove === Number.POSITIVE_INFINITY) {
        const end = endOfPart(lines, line, isItem);
        if (end !== -1 && (wholeLevel === level || isFollowedAlike(lines, line, end))) {
          units.add(start, "record", level);
          wholeLevel = level;
          line = end - 1;
          continue;
        }
        wholeLevel = undefined;
        const own = isItem && next > line + 1 ? ownValues(lines, line, next) : undefined;
        const unit = units.open(start, isItem ? "entry" : "section", { level, label: own });
        if (own !== undefined) line = next - 1;
        // Documents have names of their own.
        if (!named && (isItem || document === undefined)) item = { unit, level, line: own ?? head.trimEnd() };
      } else units.add(start, "setting", level);
    }
    nameDocument();
  },
};

/** Short values at the beginning of an entry of a list tell it from the others, and stay with its first line. */
const longestHead = 2;
const shortValue = /^\s*[\w.-]{1,30}: +[^\s|>&*{[].{0,60}$/;

/** @returns the line after an entry's first ones, or -1: where others stand below it that are no values of its own. */
function endOfHead(lines: Lines, line: number, isItem: boolean): number {
  const first = nextLine(lines, line);
  if (!isItem || first !== line + 1 || !shortValue.test(lines.head(line).replace(/^\s*-/, ""))) return first;
  let next = first;
  while (next < line + 1 + longestHead && lines.indent(next) > lines.indent(line) && shortValue.test(lines.head(next))) next++;
  // Without anything deeper, all values are equal.
  const isDeeper = lines.indent(next) > lines.indent(line) && !lines.isBlank(next);
  return isDeeper ? next : first;
}

/** @returns the line after what stands below a line; -1 where that is too long to be kept whole. */
function endOfPart(lines: Lines, from: number, isItem: boolean): number {
  const indent = lines.indent(from);
  const longest = lines.start(from) + longestWhole;
  let line = from + 1;
  for (; line < lines.count && lines.start(line) <= longest; line++) {
    if (lines.isBlank(line)) continue;
    const head = lines.head(line);
    if (marker.test(head)) break;
    if (lines.indent(line) > indent || (lines.indent(line) === indent && !isItem && dash.test(head))) continue;
    break;
  }
  return lines.start(line) <= longest ? line : -1;
}

/** Whether the part at `next` begins like the one before it: records in a list, or below names of their own. */
function isFollowedAlike(lines: Lines, line: number, next: number): boolean {
  if (next >= lines.count || lines.indent(next) !== lines.indent(line)) return false;
  const isItem = dash.test(lines.head(line));
  if (dash.test(lines.head(next)) !== isItem) return false;
  const keyOf = (at: number) => lines.head(at).split(":", 1)[0];
  return isItem ? keyOf(line) === keyOf(next) : keyOf(line + 1) === keyOf(next + 1);
}

/** An entry's first lines in one. */
function ownValues(lines: Lines, from: number, end: number): string {
  const own = [lines.head(from).trimEnd()];
  for (let line = from + 1; line < end; line++) own.push(lines.head(line).trim());
  return own.join(" … ");
}

/** The first key where it comes again after a blank line, as in `kubectl describe`: each begins a record. */
function repeatedKey(text: string, head: string): string | undefined {
  const first = /^[A-Za-z][\w ]{0,40}:/.exec(head)?.[0];
  return first !== undefined && !/:\s*$/.test(head) && text.includes(`\n\n${first}`) ? first : undefined;
}

function nextLine(lines: { count: number; isBlank(line: number): boolean }, line: number): number {
  let next = line + 1;
  while (next < lines.count && lines.isBlank(next)) next++;
  return next < lines.count ? next : -1;
}
