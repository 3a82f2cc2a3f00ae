// Builds the units of a text in one pass: each begins where the one before ends, so they cover the text by construction.
import { splitSentences } from "./split-sentences.ts";
import type { Unit, UnitRole } from "./unit.ts";

export interface Opening {
  /** Units that follow stand below this one, until one of its level or a lower one begins. */
  readonly level: number;
  readonly label?: string | undefined;
  readonly closing?: string | undefined;
}

export interface UnitBuilder {
  /** Begins a unit that others stand below. @returns its position. */
  open(start: number, role: UnitRole, opening: Opening): number;
  /** Begins a unit below the last one opened at a lower level; without a level, below the last one opened. */
  add(start: number, role: UnitRole, level?: number): number;
  relabel(unit: number, label: string): void;
  /** Role of the unit that the text is in. */
  current(): UnitRole | undefined;
  finish(): Unit[];
}

interface Draft {
  start: number;
  parent: number;
  role: UnitRole;
  label: string | undefined;
  closing: string | undefined;
}

/** What is deeper stands below the last parent that counts: walking up a chain costs no more than this. */
const deepestLevel = 40;

/** Roles whose texts may be kept in part: the others are kept whole or not at all. */
const divisible: ReadonlySet<UnitRole> = new Set<UnitRole>(["prose", "entry", "quote", "turn", "message", "setting", "line"]);
/** Longer ones of those are cut into sentences; prose always is. */
const longestUndivided = 480;

export function createUnitBuilder(text: string): UnitBuilder {
  const drafts: Draft[] = [];
  const open: { level: number; unit: number }[] = [];
  const begin = (start: number, role: UnitRole, level: number, label?: string, closing?: string): number => {
    // A unit without text would be none: its place is taken.
    if (drafts.at(-1)?.start === start) {
      drafts.pop();
      if (open.at(-1)?.unit === drafts.length) open.pop();
    }
    while ((open.at(-1)?.level ?? Number.NEGATIVE_INFINITY) >= level) open.pop();
    drafts.push({ start: drafts.length === 0 ? 0 : start, parent: open.at(-1)?.unit ?? -1, role, label, closing });
    return drafts.length - 1;
  };
  return {
    open: (start, role, { level, label, closing }) => {
      const unit = begin(start, role, level, label, closing);
      if (open.length < deepestLevel) open.push({ level, unit });
      return unit;
    },
    add: (start, role, level = Number.POSITIVE_INFINITY) => begin(start, role, level),
    relabel: (unit, label) => {
      const draft = drafts[unit];
      if (draft) draft.label = label;
    },
    current: () => drafts.at(-1)?.role,
    finish: () => {
      if (drafts.length === 0 && text !== "") begin(0, "prose", Number.POSITIVE_INFINITY);
      return divide(text, drafts);
    },
  };
}

/** Prose and long texts become several units below the same parent; parents keep pointing at the first of theirs. */
function divide(text: string, drafts: readonly Draft[]): Unit[] {
  const units: Unit[] = [];
  const movedTo = new Int32Array(drafts.length);
  const parents = new Set(drafts.map(({ parent }) => parent));
  drafts.forEach(({ start, parent: drafted, role, label, closing }, at) => {
    const end = drafts[at + 1]?.start ?? text.length;
    const parent = drafted === -1 ? -1 : (movedTo[drafted] as number);
    movedTo[at] = units.length;
    const isCut = role === "prose" || (divisible.has(role) && end - start > longestUndivided && !parents.has(at));
    if (!isCut) {
      units.push({ start, end, parent, role, label, closing });
      return;
    }
    for (const span of splitSentences(text, start, end)) units.push({ ...span, parent, role });
  });
  return units;
}
