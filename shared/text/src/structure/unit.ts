// A text as a tree of units: what is kept or removed as a whole, each with the parents that say what it is about.

export type UnitRole =
  | "prose"
  | "heading"
  | "entry"
  | "quote"
  | "table"
  | "row"
  | "fence"
  | "code"
  | "page"
  | "commit"
  | "file"
  | "hunk"
  | "declaration"
  | "body"
  | "statement"
  | "section"
  | "setting"
  | "record"
  | "line"
  | "failure"
  | "turn"
  | "message";

/** Offsets are into the structure's text; the units touch, in order, and cover it. */
export interface Unit {
  readonly start: number;
  /** Exclusive. A unit owns the line breaks after it. */
  readonly end: number;
  /** Position of the unit above it among all units, always a smaller one; -1 for none. */
  readonly parent: number;
  readonly role: UnitRole;
  /** How a part below refers to this unit, where its own first line does not say it best. */
  readonly label?: string | undefined;
  /** A line that ends what the unit opened, such as a closing fence: written where the unit's own end was removed. */
  readonly closing?: string | undefined;
}

export interface Structure {
  /** Name of the kind that was recognised, `text` where nothing more is known. */
  readonly kind: string;
  /** What the offsets refer to: the text as it came, or without its markup for HTML and XML. */
  readonly text: string;
  readonly units: readonly Unit[];
}

/** Longer names are cut: they identify, they do not inform. */
const longestLabel = 160;

/** How parts below a unit refer to it: one line, without the line break. */
export function labelOf({ text, units }: Structure, at: number): string {
  const unit = units[at];
  if (unit === undefined) return "";
  if (unit.label !== undefined) return shortened(unit.label);
  const firstLine = text.indexOf("\n", unit.start);
  const end = firstLine === -1 || firstLine > unit.end ? unit.end : firstLine;
  return shortened(text.slice(unit.start, Math.min(end, unit.start + 2 * longestLabel)).trimEnd());
}

const shortened = (label: string): string =>
  label.length <= longestLabel ? label : `${label.slice(0, longestLabel - 1).toWellFormed()}…`;
