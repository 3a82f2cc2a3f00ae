// Writes the kept units of a text in their order: each below the names of its parents, every gap marked where it is.
import { labelOf, type Structure, type Unit } from "@nocp/text/structure/unit.ts";
import { countLineBreaks, gapMark } from "./gap-mark.ts";

/** What is written of a unit. */
const [nothing, itsName, allOfIt] = [0, 1, 2];

/** Units that follow each other and are left out. */
export interface Gap {
  /** What stands in their place. */
  readonly mark: string;
  /** Offsets in the structure's text. */
  readonly start: number;
  readonly end: number;
  /** Position of the nearest unit that all of them stand below; -1 for none. */
  readonly parent: number;
}

/**
 * @param onGap hears of each gap that is marked.
 * @returns the text without line breaks around it; empty when nothing is kept. Linear in the text.
 */
export function renderKept(structure: Structure, isKept: (unit: number) => boolean, onGap?: (gap: Gap) => void): string {
  const { units } = structure;
  const shown = shownParts(units, isKept);
  const writer = createWriter(structure, onGap);
  for (let at = 0; at < units.length; at++) {
    const unit = units[at] as Unit;
    if (shown[at] === nothing) writer.leaveOut(unit);
    else if (shown[at] === itsName) writer.name(labelOf(structure, at));
    else writer.keep(unit);
    const parent = units[unit.parent];
    // The end of a fence stands where its last kept part does.
    if (parent?.closing !== undefined && shown[at] !== nothing)
      at = closeAfter(at, unit.parent, parent.closing, units, shown, writer);
  }
  return writer.finish();
}

function shownParts(units: readonly Unit[], isKept: (unit: number) => boolean): Uint8Array {
  const shown = new Uint8Array(units.length);
  units.forEach((unit, at) => {
    if (!isKept(at)) return;
    shown[at] = allOfIt;
    for (let parent = unit.parent; parent !== -1 && shown[parent] === nothing; parent = units[parent]?.parent ?? -1)
      shown[parent] = itsName;
  });
  return shown;
}

/** @returns the position of the last unit that is written or left out. */
function closeAfter(
  at: number,
  opener: number,
  closing: string,
  units: readonly Unit[],
  shown: Uint8Array,
  writer: Writer,
): number {
  let end = at + 1;
  while (units[end]?.parent === opener && shown[end] === nothing) end++;
  if (end === at + 1 || units[end]?.parent === opener) return at;
  for (let left = at + 1; left < end; left++) writer.leaveOut(units[left] as Unit);
  writer.line(closing);
  return end - 1;
}

interface Writer {
  leaveOut(unit: Unit): void;
  /** Names wait for what stands below them: one mark tells of all that is missing above it. */
  name(label: string): void;
  keep(unit: Unit): void;
  line(own: string): void;
  finish(): string;
}

/** What is left out since the last part that was written. */
interface OpenGap {
  lineBreaks: number;
  hasText: boolean;
  isBelowNames: boolean;
  start: number;
  end: number;
  parent: number;
}

const noGap = (): OpenGap => ({ lineBreaks: 0, hasText: false, isBelowNames: false, start: -1, end: -1, parent: -1 });

/** The nearest unit above both; parents come before what stands below them. */
function commonParent(units: readonly Unit[], left: number, right: number): number {
  let [one, other] = [left, right];
  while (one !== other) {
    if (one > other) one = units[one]?.parent ?? -1;
    else other = units[other]?.parent ?? -1;
  }
  return one;
}

function createWriter({ text, units }: Structure, onGap: ((gap: Gap) => void) | undefined): Writer {
  const body = createBody();
  let names: string[] = [];
  let gap = noGap();
  const told = () => {
    const { start, end, parent, lineBreaks } = gap;
    const mark = gapMark(lineBreaks);
    onGap?.({ mark, start, end, parent });
    return mark;
  };
  const mark = (beginsLine: boolean) => {
    if (!gap.hasText) return;
    const isInline = body.isMidLine();
    const isFirst = body.trimEnd();
    body.append(isFirst ? "" : isInline ? " " : "\n", told(), beginsLine ? "\n" : " ");
  };
  const writeNames = () => {
    for (const own of names) {
      body.endLine();
      body.append(own, "\n");
    }
    names = [];
  };
  const forgetGap = () => {
    gap = noGap();
  };
  return {
    leaveOut: ({ start, end, parent }) => {
      if (onGap) gap.parent = gap.start === -1 ? parent : commonParent(units, gap.parent, parent);
      if (gap.start === -1) gap.start = start;
      gap.end = end;
      if (!gap.hasText) {
        gap.hasText = /\S/.test(text.slice(start, end));
        gap.isBelowNames = names.length > 0;
      } else if (names.length > 0) gap.isBelowNames = true;
      gap.lineBreaks += countLineBreaks(text, start, end);
    },
    name: (label) => {
      names.push(label);
    },
    keep: ({ start, end }) => {
      const beginsLine = start === 0 || text[start - 1] === "\n";
      const { isBelowNames } = gap;
      if (names.length > 0 && !isBelowNames) mark(true);
      const hasNames = names.length > 0;
      writeNames();
      if (isBelowNames || !hasNames) mark(beginsLine);
      if (beginsLine) body.endLine();
      const own = text.slice(start, end);
      body.append(!beginsLine && (gap.hasText || hasNames) ? own.trimStart() : own);
      forgetGap();
    },
    line: (own) => {
      mark(true);
      body.endLine();
      body.append(own, "\n");
      forgetGap();
    },
    finish: () => {
      const isInline = body.isMidLine();
      const isEmpty = body.trimEnd();
      if (gap.hasText && !isEmpty) body.append(isInline ? " " : "\n", told());
      return body.text().replace(/^\n+/, "");
    },
  };
}

/** Text that grows at its end, in parts: looking at the end of one long string would copy it each time. */
function createBody() {
  const parts: string[] = [];
  /** @returns whether nothing is left. */
  const trimEnd = (): boolean => {
    while (parts.length > 0) {
      const trimmed = (parts.pop() as string).trimEnd();
      if (trimmed === "") continue;
      parts.push(trimmed);
      return false;
    }
    return true;
  };
  const isMidLine = () => parts.length > 0 && !(parts.at(-1) as string).endsWith("\n");
  return {
    append: (...own: readonly string[]) => {
      for (const part of own) if (part !== "") parts.push(part);
    },
    trimEnd,
    isMidLine,
    endLine: () => {
      if (isMidLine() && !trimEnd()) parts.push("\n");
    },
    text: () => parts.join(""),
  };
}
