// Text under headings: Markdown, AsciiDoc, reStructuredText, numbered sections, lists, tables, quotes, fences, pages.

import { type Heading, headingAt } from "../heading.ts";
import { firstLinesOf, firstMark, type Lines } from "../lines.ts";
import type { TextKind } from "../text-kind.ts";
import type { UnitBuilder } from "../unit-builder.ts";

/** Levels of what opens others: pages above headings (1 to 9), those above lists (by indentation). */
const level = { page: 0, plainHeading: 9, lead: 10, list: 12 } as const;

const bullet = /^\s*(?:->|[-*+•‣▪◦–·]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxlIVXL]{1,5})[.)]|\[[ xX]\]|\*{2,5}|\.{1,5})\s+\S/;
/** What a bullet begins with, where it is no letter and no digit. */
const bulletMarks = "->*+([.";
const [zero, nine] = [48, 57];
const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);

/** Whether an entry of a list begins. Most lines begin with a word, which is no numeral if it is long. */
function isBullet(head: string): boolean {
  const mark = firstMark(head);
  if (mark >= 128) return bullet.test(head);
  if (isLetter(mark) || (mark >= zero && mark <= nine)) {
    const from = head.indexOf(String.fromCharCode(mark));
    const end = head.slice(from, from + longestNumeral + 1);
    return (end.includes(".") || end.includes(")")) && bullet.test(head);
  }
  return bulletMarks.includes(String.fromCharCode(mark)) && bullet.test(head);
}

/** `viiii` */
const longestNumeral = 5;

const fence = /^\s*(`{3,}|~{3,}|-{4,}$|={4,}$|\.{4,}$)(.*)$/;
const markdownFence = /^\s*(?:`{3,}|~{3,})/;
const [backtick, tilde, greater, colon, plus, equals, bracket] = [96, 126, 62, 58, 43, 61, 91];
const isFence = (head: string): boolean => {
  const mark = firstMark(head);
  return (mark === backtick || mark === tilde) && markdownFence.test(head);
};
const tableRow = /^\s*\|/;
const tableRule = /^(?=.*--)[\s:|+-]*$/;
const gridRule = /^\s*(?:\+[-=+]+\+|={2,}(?: +={2,})+)\s*$/;
const isGridRule = (head: string): boolean => {
  const mark = firstMark(head);
  return (mark === plus || mark === equals) && gridRule.test(head);
};
const isQuote = (head: string): boolean => firstMark(head) === greater;
const page =
  /^(?:\f|\s*(?:-+\s*)?(?:page|seite|página|стр\.?|第)\s*\d+(?:\s*(?:of|von|de|\/|из)\s*\d+)?(?:\s*页)?\s*(?:-+)?\s*$|\s*\[(?:page|p\.)\s*\d+\]\s*$|-{2,}\s*page\s*\d+.*$)/i;
/** A look at the length first: most lines are no page numbers. */
const isPage = (head: string): boolean => head.length < 60 && (head.charCodeAt(0) === 12 || /\d/.test(head)) && page.test(head);
const lead = /[:：]\**\s*$/;
const terminated = /[.!?。！？…;,]["'”’)\]]*\s*$/;
const definition = /^\s{0,8}:\s+\S/;
const isDefinition = (head: string): boolean => firstMark(head) === colon && definition.test(head);

export const outline: TextKind = {
  name: "outline",
  names: /\.(?:md|markdown|rst|adoc|asciidoc)$/,
  matches: () => true,
  read: (lines, units) => readOutline(lines, units, 0, lines.count),
};

/** Reads the lines from `from` to below `end`. */
export function readOutline(text: Lines, units: UnitBuilder, from: number, end: number): void {
  const lines = firstLinesOf(text, end);
  let line = from;
  let pages = 0;
  while (line < end) {
    if (lines.isBlank(line) && !lines.head(line).includes("\f")) {
      line++;
      continue;
    }
    const head = lines.head(line);
    if (isPage(head)) {
      pages++;
      const named = head.replace("\f", "").trim();
      units.open(lines.start(line), "page", { level: level.page, label: /\d/.test(named) ? named : `[page ${pages + 1}]` });
      line++;
      continue;
    }
    const blockEnd = endOfBlock(lines, line);
    if (blockEnd !== -1) {
      units.add(lines.start(line), "fence");
      line = blockEnd;
      continue;
    }
    const heading = headingAt(lines, line);
    line = heading ? openHeading(lines, line, heading, units) : readBlock(lines, line, units);
  }
}

function openHeading(lines: Lines, line: number, { depth, label, lineCount }: Heading, units: UnitBuilder): number {
  units.open(lines.start(line), "heading", { level: depth, label });
  return line + lineCount;
}

/** @returns the line after the block. */
function readBlock(lines: Lines, line: number, units: UnitBuilder): number {
  const head = lines.head(line);
  const start = lines.start(line);
  if (isFence(head)) return readFence(lines, line, units);
  if (isTableHead(lines, line)) return readTable(lines, line, units);
  if (isQuote(head)) return readQuote(lines, line, units);
  const indent = lines.indent(line);
  const isEntry = isBullet(head);
  if (!isEntry && indent === 0 && isLead(lines, line)) {
    units.open(start, "heading", { level: level.lead, label: head.trimEnd() });
    return isPlainLead(lines, line) ? readPlainList(lines, line + 1, units) : line + 1;
  }
  const own = level.list + indent;
  const next = nextLine(lines, line);
  const opens = next !== -1 && opensBelow(lines, line, next, isEntry);
  if (opens) {
    units.open(start, isEntry ? "entry" : "heading", { level: own, label: head.trimEnd() });
    return isEntry ? endOfOpening(lines, line, units) : line + 1;
  }
  if (isDefinition(head) && line > 0) {
    units.add(start, "entry");
    return endOfEntry(lines, line);
  }
  if (isEntry) {
    units.add(start, "entry", own);
    return endOfAnnounced(lines, line, endOfEntry(lines, line));
  }
  units.add(start, "prose", indent > 0 ? own : level.lead);
  return endOfParagraph(lines, line);
}

/** UTF-16 units up to which an entry that ends in a colon is one unit with what stands below it. */
const longestAnnounced = 480;

/** A paragraph or a block of code between two entries belongs to the one above it, where that ends in a colon. */
function endOfAnnounced(lines: Lines, line: number, end: number): number {
  const next = nextLine(lines, end - 1);
  if (next === -1 || !lead.test(lines.head(end - 1)) || lines.indent(next) > lines.indent(line)) return end;
  const head = lines.head(next);
  if (isBullet(head) || isTableHead(lines, next) || isQuote(head) || headingAt(lines, next) !== undefined) return end;
  const below = isFence(head) ? endOfFence(lines, next) : endOfParagraph(lines, next);
  const after = nextLine(lines, below - 1);
  const isBetween = after === -1 || isBullet(lines.head(after));
  return isBetween && lines.start(below) - lines.start(line) <= longestAnnounced ? below : end;
}

/** UTF-16 units up to which the text of an entry that has others below it is one unit with its first line. */
const longestEntry = 240;

/** What an entry says above its own entries stands below its first line where it is long. */
function endOfOpening(lines: Lines, line: number, units: UnitBuilder): number {
  const end = endOfEntry(lines, line);
  if (end > line + 1 && lines.start(end) - lines.start(line) > longestEntry) units.add(lines.start(line + 1), "prose");
  return end;
}

/** A line that introduces what follows it: it ends in a colon, or is short and stands right above a list. */
function isLead(lines: Lines, line: number): boolean {
  const head = lines.head(line);
  const next = nextLine(lines, line);
  if (next === -1 || head.length > 200) return false;
  const isFollowed =
    isBullet(lines.head(next)) ||
    lines.indent(next) > 0 ||
    isTableHead(lines, next) ||
    isFence(lines.head(next)) ||
    isQuote(lines.head(next));
  if (lead.test(head)) return isFollowed || isPlainLead(lines, line);
  return (
    next === line + 1 &&
    isBullet(lines.head(next)) &&
    !terminated.test(head) &&
    head.length <= 80 &&
    (line === 0 || lines.isBlank(line - 1))
  );
}

/** Entries without marks: short lines right below the colon, up to a blank line. */
function isPlainLead(lines: Lines, line: number): boolean {
  if (!lead.test(lines.head(line)) || lines.head(line).length > 80) return false;
  const isPlain = (at: number) =>
    at < lines.count &&
    !lines.isBlank(at) &&
    lines.head(at).length <= 80 &&
    !isBullet(lines.head(at)) &&
    lines.indent(at) === 0 &&
    !lead.test(lines.head(at));
  return isPlain(line + 1) && isPlain(line + 2) && !terminated.test(lines.head(line + 1));
}

function readPlainList(lines: Lines, from: number, units: UnitBuilder): number {
  let line = from;
  for (; line < lines.count && !lines.isBlank(line) && !lead.test(lines.head(line)); line++)
    units.add(lines.start(line), "entry");
  return line;
}

function nextLine(lines: Lines, line: number): number {
  let next = line + 1;
  while (next < lines.count && next < line + 4 && lines.isBlank(next)) next++;
  return next < lines.count && !lines.isBlank(next) ? next : -1;
}

/** Whether the lines below are parts of this one: indented deeper, or its definitions. */
function opensBelow(lines: Lines, line: number, next: number, isEntry: boolean): boolean {
  const head = lines.head(line);
  if (isDefinition(lines.head(next)) && !isDefinition(head) && (next === line + 1 || !terminated.test(head))) return true;
  if (/(?:::|;;)\s*$/.test(head.slice(-4)) && head.length <= 100) return true;
  if (isEntry) return hasEntriesBelow(lines, line);
  if (lines.indent(next) <= lines.indent(line) || terminated.test(head) || head.length > 160) return false;
  // The last line of a paragraph opens nothing.
  return (
    line === 0 ||
    lines.isBlank(line - 1) ||
    lines.indent(line - 1) !== lines.indent(line) ||
    lead.test(head) ||
    isShortLine(lines.head(line - 1))
  );
}

/** Lines of an entry that are looked at for entries of its own. */
const longestOpening = 12;

function hasEntriesBelow(lines: Lines, line: number): boolean {
  const indent = lines.indent(line);
  for (let next = line + 1; next < Math.min(lines.count, line + longestOpening); next++) {
    if (lines.isBlank(next)) continue;
    if (isBullet(lines.head(next))) return lines.indent(next) > indent;
    if (lines.indent(next) <= indent) return false;
  }
  return false;
}

const isShortLine = (head: string): boolean => head.length < 60;

/** An entry's further lines are indented; in a text wrapped without, they begin with a small letter. */
function endOfEntry(lines: Lines, from: number): number {
  const indent = lines.indent(from);
  let line = from + 1;
  for (; line < lines.count; line++) {
    const head = lines.head(line);
    if (lines.isBlank(line)) {
      const next = nextLine(lines, line);
      if (next === -1 || lines.indent(next) <= indent || isBullet(lines.head(next)) || isFence(lines.head(next))) return line;
      continue;
    }
    if (isBullet(head) || isFence(head)) return line;
    if (lines.indent(line) > indent) continue;
    if (lines.isBlank(line - 1) || !/^\s*\p{Ll}/u.test(head) || lines.head(line - 1).length < 50) return line;
  }
  return line;
}

function endOfParagraph(lines: Lines, from: number): number {
  let line = from + 1;
  for (; line < lines.count; line++) {
    if (lines.isBlank(line)) return line;
    const head = lines.head(line);
    if (isBullet(head) || isFence(head) || isTableHead(lines, line) || isQuote(head)) return line;
    if (lines.indent(line) !== lines.indent(line - 1) && lines.indent(line) > 0) return line;
    if (lead.test(head) && isLead(lines, line)) return line;
    if (headingAt(lines, line) !== undefined || isPage(head)) return line;
  }
  return line;
}

function readQuote(lines: Lines, from: number, units: UnitBuilder): number {
  units.add(lines.start(from), "quote");
  let line = from + 1;
  while (line < lines.count && isQuote(lines.head(line))) line++;
  return line;
}

/** Fences and blocks up to so many UTF-16 units are kept whole or not at all. */
const longestFence = 1600;
const blockAttributes = /^\[[^[\]]{1,80}\]\s*$/;
const blockRule = /^([=*_.-])\1{3,}\s*$/;
const longestBlock = 40;

/** @returns the line after AsciiDoc's `[WARNING]`, `====`, … `====`; -1 where no such block begins. */
function endOfBlock(lines: Lines, line: number): number {
  if (
    lines.head(line).charCodeAt(0) !== bracket ||
    !blockAttributes.test(lines.head(line)) ||
    !blockRule.test(lines.head(line + 1))
  )
    return -1;
  const rule = lines.head(line + 1).trimEnd();
  for (let next = line + 2; next < Math.min(lines.count, line + longestBlock); next++) {
    if (lines.head(next).trimEnd() !== rule) continue;
    return lines.start(next + 1) - lines.start(line) <= longestFence ? next + 1 : -1;
  }
  return -1;
}

/** @returns the line after the one that closes it. */
function endOfFence(lines: Lines, from: number): number {
  const [, mark = "```"] = fence.exec(lines.head(from)) ?? [];
  let line = from + 1;
  while (line < lines.count && !lines.head(line).trimStart().startsWith(mark)) line++;
  return Math.min(lines.count, line + 1);
}

function readFence(lines: Lines, from: number, units: UnitBuilder): number {
  const [, mark = "```"] = fence.exec(lines.head(from)) ?? [];
  const end = endOfFence(lines, from);
  if (lines.start(end) - lines.start(from) <= longestFence) {
    units.add(lines.start(from), "fence");
    return end;
  }
  const depth = level.list + 400;
  units.open(lines.start(from), "fence", { level: depth, label: lines.head(from).trimEnd(), closing: mark });
  for (let inner = from + 1; inner < end; inner++) {
    if (!lines.isBlank(inner) && (inner === from + 1 || lines.isBlank(inner - 1) || lines.indent(inner) === 0))
      units.add(lines.start(inner), "code");
  }
  return end;
}

/** The same as in the row above: that row opens those below it. */
const emptyFirstCell = /^\s*\|\s*\|/;

const isTableHead = (lines: Lines, line: number): boolean => {
  const head = lines.head(line);
  return (head.includes("|") || isGridRule(head)) && beginsTable(lines, line);
};

const beginsTable = (lines: Lines, line: number): boolean =>
  (tableRow.test(lines.head(line)) &&
    (tableRule.test(lines.head(line + 1)) || tableRow.test(lines.head(line + 1)) || /^\|={3,}/.test(lines.head(line)))) ||
  (/\S\s*\|\s*\S/.test(lines.head(line)) && tableRule.test(lines.head(line + 1)) && lines.head(line + 1).includes("|")) ||
  (isGridRule(lines.head(line)) && line + 2 < lines.count && !lines.isBlank(line + 1));

/** Header and rule open; rows stand below them. */
function readTable(lines: Lines, from: number, units: UnitBuilder): number {
  const depth = level.list + 300;
  let line = from;
  const isGrid = isGridRule(lines.head(from));
  if (isGrid || /^\|={3,}/.test(lines.head(from))) line++;
  const named = lines.head(line).trimEnd();
  line++;
  if (isGrid) while (line < lines.count && !lines.isBlank(line) && !isGridRule(lines.head(line))) line++;
  if (tableRule.test(lines.head(line)) || (isGrid && isGridRule(lines.head(line)))) line++;
  units.open(lines.start(from), "table", { level: depth, label: named });
  for (; line < lines.count && !lines.isBlank(line); line++) {
    const head = lines.head(line);
    if (!isGrid && !head.includes("|")) break;
    if (/^\|={3,}/.test(head)) return line + 1;
    if (isGridRule(head)) continue;
    const names = !isGrid && !emptyFirstCell.test(head) && emptyFirstCell.test(lines.head(line + 1));
    if (names) units.open(lines.start(line), "row", { level: depth + 1, label: head.trimEnd() });
    else units.add(lines.start(line), "row", emptyFirstCell.test(head) ? depth + 2 : depth + 1);
  }
  return line;
}
