// Headings of prose: Markdown, setext and reStructuredText, AsciiDoc, numbered sections, lines that stand alone.
import { firstMark, type Lines } from "./lines.ts";

export interface Heading {
  /** 1 for the topmost. */
  readonly depth: number;
  readonly label: string;
  readonly lineCount: number;
}

const hashes = /^ {0,3}(#{1,6})\s+\S/;
const equals = /^(={1,6})\s+\S.*$/;
const underline = /^(?:={3,}|-{3,}|~{3,}|\^{3,}|"{3,}|\*{3,}|\+{3,}|#{3,}|`{3,}|:{3,}|\.{3,}|'{3,}|_{3,})\s*$/;
const ruleMarks = "=-~^\"*+#`:.'_";
const isRule = (head: string): boolean => ruleMarks.includes(head.charAt(0)) && underline.test(head);
/** Depth of an underline by its mark; reStructuredText leaves the order open, this is the usual one. */
const underlineDepth: Readonly<Record<string, number>> = { "=": 1, "-": 2, "~": 3, "^": 4, '"': 5 };
const bold = /^(?:\*\*|__)[^*_]{2,80}(?:\*\*|__):?$/;
const numbered = /^(?:§+\s*)?(\d{1,3}(?:\.\d{1,3}){0,5})\.?\s+\p{Lu}/u;
const named =
  /^(?:(?:chapter|section|article|part|appendix|annex|clause|schedule|kapitel|abschnitt|artikel|teil|anhang|chapitre|article|partie|capítulo|sección|artículo|глава|раздел)\s+(?:\d+|[IVXLC]+|[A-Z])\b|§\s*\d+|第[\d一二三四五六七八九十百]+[章节節条條部])/i;
const terminated = /[.!?。！？…;,:：]["'”’)\]]*$/;
const longestPlain = 70;
const [asterisk, lowLine] = [42, 95];
const listMark = /^\s*(?:[-*+•]|\d+[.)])\s/;

/** The heading that begins at a line; undefined where none does. */
export function headingAt(lines: Lines, line: number): Heading | undefined {
  const head = lines.head(line);
  const first = head.charCodeAt(0);
  if (Number.isNaN(first)) return undefined;
  if (first === 35 || first === 32) {
    const marks = hashes.exec(head)?.[1];
    if (marks !== undefined) return { depth: marks.length, label: head.trim(), lineCount: 1 };
    if (first === 32) return undefined;
  }
  const trimmed = head.trimEnd();
  if (first === 61) {
    const marks = equals.exec(trimmed)?.[1];
    if (marks !== undefined) return { depth: marks.length, label: trimmed, lineCount: 1 };
  }
  const overlined = underlined(lines, line, trimmed);
  if (overlined) return overlined;
  if (trimmed.length > 100) return undefined;
  if ((first === asterisk || first === lowLine) && bold.test(trimmed)) return { depth: 8, label: trimmed, lineCount: 1 };
  return numberedHeading(lines, line, trimmed) ?? plainHeading(lines, line, trimmed);
}

function underlined(lines: Lines, line: number, trimmed: string): Heading | undefined {
  const below = lines.head(line + 1);
  if (isRule(trimmed)) {
    // With a rule above as well: reStructuredText's title.
    const isFramed =
      trimmed.length > 3 && !lines.isBlank(line + 1) && !below.includes("|") && lines.head(line + 2).trimEnd() === trimmed;
    return isFramed ? { depth: 1, label: below.trim(), lineCount: 3 } : undefined;
  }
  if (!isRule(below) || trimmed.length > 120 || listMark.test(trimmed) || trimmed.includes("|")) return undefined;
  const rule = below.trimEnd();
  // A thematic break below a paragraph is shorter than its last line; Markdown's setext rules may be short, too, after a blank line.
  const isAlone = line === 0 || lines.isBlank(line - 1);
  if (rule.length < Math.min(trimmed.length, 3) || (!isAlone && Math.abs(rule.length - trimmed.length) > 2)) return undefined;
  return { depth: underlineDepth[rule[0] ?? ""] ?? 4, label: trimmed, lineCount: 2 };
}

/** A digit or `§`. */
const mayBeNumbered = (mark: number): boolean => (mark >= 48 && mark <= 57) || mark === 0xa7;

/** `2.3 Limits`, `§ 4 Price`, `Chapter 2`: but not the entries of a numbered list. */
function numberedHeading(lines: Lines, line: number, trimmed: string): Heading | undefined {
  if (trimmed.length > 90) return undefined;
  if (named.test(trimmed) && !/[.!?;,]$/.test(trimmed)) return { depth: 2, label: trimmed, lineCount: 1 };
  const number = mayBeNumbered(firstMark(trimmed)) ? numbered.exec(trimmed)?.[1] : undefined;
  if (number === undefined || terminated.test(trimmed)) return undefined;
  const parts = number.split(".").length;
  const isAlone =
    (line === 0 || lines.isBlank(line - 1)) && (lines.isBlank(line + 1) || parts > 1 || !listMark.test(lines.head(line + 1)));
  const follows = nextText(lines, line);
  const isListed = parts === 1 && follows !== -1 && /^\d{1,3}[.)]\s/.test(lines.head(follows));
  return isAlone && !isListed ? { depth: 2 + parts, label: trimmed, lineCount: 1 } : undefined;
}

/** A short line alone between blank lines, or in capitals above indented text as in manual pages. */
function plainHeading(lines: Lines, line: number, trimmed: string): Heading | undefined {
  if (
    trimmed.length > longestPlain ||
    trimmed.length < 3 ||
    terminated.test(trimmed) ||
    listMark.test(trimmed) ||
    trimmed.includes("|")
  )
    return undefined;
  const isAfterBlank = line === 0 || lines.isBlank(line - 1);
  if (!isAfterBlank) return undefined;
  const isCapitals = /^\p{Lu}[\p{Lu}\p{N} &/()-]{2,}$/u.test(trimmed);
  if (isCapitals && line + 1 < lines.count && (lines.isBlank(line + 1) || lines.indent(line + 1) > 0))
    return { depth: 7, label: trimmed, lineCount: 1 };
  if (!lines.isBlank(line + 1) || !/^[\p{Lu}\p{Lo}\p{N}"“[]/u.test(trimmed) || trimmed.split(/\s+/).length > 9) return undefined;
  const follows = nextText(lines, line);
  // A column of short lines has no headings.
  return follows !== -1 && (lines.head(follows).length > trimmed.length + 20 || listMark.test(lines.head(follows)))
    ? { depth: 9, label: trimmed, lineCount: 1 }
    : undefined;
}

function nextText(lines: Lines, line: number): number {
  for (let next = line + 1; next < Math.min(lines.count, line + 4); next++) if (!lines.isBlank(next)) return next;
  return -1;
}
