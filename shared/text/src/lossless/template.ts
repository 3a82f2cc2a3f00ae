// What many texts have in common, with holes where they differ: `2024-05-{2}T{2}:{2}Z`.
//
//   {}       any text; the row says which
//   {2}      two digits; rows write the digits of one time or number without the one or two characters between them
//   {7+1}    a counter: 7 in the first row, 8 in the second; rows say nothing
//   {2024-05-01 +60s}  a clock: a minute later in each row; rows say nothing
//   {a|b}    one of these; the row says which by its number, from 0
//   {{ }}    a brace itself

import { type Clock, timeOf, timePattern } from "./clock.ts";

export type Hole =
  | { readonly kind: "any" }
  | { readonly kind: "digits"; readonly width: number }
  | { readonly kind: "counter"; readonly start: number; readonly step: number }
  | ({ readonly kind: "clock" } & Clock)
  | { readonly kind: "choice"; readonly options: readonly string[] };

export interface Template {
  /** One more than there are holes: what stands before, between and after them. */
  readonly literals: readonly string[];
  readonly holes: readonly Hole[];
}

const escapeLiteral = (text: string): string => text.replace(/[{}]/g, "$&$&");

const writeHole = (hole: Hole): string => {
  if (hole.kind === "digits") return `{${hole.width}}`;
  if (hole.kind === "clock") return `{${hole.start} ${hole.stepSeconds < 0 ? "" : "+"}${hole.stepSeconds}s}`;
  if (hole.kind === "counter") return `{${hole.start}${hole.step < 0 ? "" : "+"}${hole.step}}`;
  return hole.kind === "choice" ? `{${hole.options.join("|")}}` : "{}";
};

export const writeTemplate = ({ literals, holes }: Template): string =>
  literals.map((literal, index) => escapeLiteral(literal) + (holes[index] ? writeHole(holes[index]) : "")).join("");

/** The inverse of `writeTemplate`. @throws SyntaxError */
export function readTemplate(text: string): Template {
  const literals: string[] = [];
  const holes: Hole[] = [];
  let literal = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if ((character === "{" || character === "}") && text[at + 1] === character) {
      literal += character;
      at++;
    } else if (character === "{") {
      const end = text.indexOf("}", at);
      if (end === -1) throw new SyntaxError(`a template has no end: ${text.slice(0, 80)}`);
      literals.push(literal);
      holes.push(readHole(text.slice(at + 1, end)));
      literal = "";
      at = end;
    } else literal += character;
  }
  return { literals: [...literals, literal], holes };
}

const clockPattern = new RegExp(`^(${timePattern}) ([+-]\\d+(?:\\.\\d+)?)s$`);

/** Whether a choice would be taken for another hole. */
export const isReserved = (inside: string): boolean => readHole(inside).kind !== "choice";

function readHole(inside: string): Hole {
  if (inside === "") return { kind: "any" };
  if (/^\d+$/.test(inside)) return { kind: "digits", width: Number(inside) };
  const counter = /^(\d+)([+-]\d+)$/.exec(inside);
  if (counter) return { kind: "counter", start: Number(counter[1]), step: Number(counter[2]) };
  const clock = clockPattern.exec(inside);
  if (clock) return { kind: "clock", start: clock[1] as string, stepSeconds: Number(clock[2]) };
  return { kind: "choice", options: inside.split("|") };
}

/** Rows say nothing of what follows from their number. */
const isCounted = (hole: Hole): boolean => hole.kind === "counter" || hole.kind === "clock";

/** Digits this close are parts of one time, date or number. */
const closeLength = 2;

/** Holes of digits that follow each other closely are written as one cell. @returns for each cell, the indices of its holes. */
export function cellsOfHoles({ literals, holes }: Template): number[][] {
  const cells: number[][] = [];
  for (const [index, hole] of holes.entries()) {
    if (isCounted(hole)) continue;
    const last = cells.at(-1);
    const previous = last?.at(-1);
    const isClose = previous === index - 1 && (literals[index] as string).length <= closeLength;
    if (isClose && hole.kind === "digits" && holes[previous]?.kind === "digits") last?.push(index);
    else cells.push([index]);
  }
  return cells;
}

/**
 * A row's cells filled into a template.
 * @param take the row's next cell. @param row counts from 0.
 * @throws SyntaxError
 */
export function fillTemplate(template: Template, take: () => string, row: number): string {
  const { literals, holes } = template;
  const values: string[] = [];
  for (const [index, hole] of holes.entries()) {
    if (hole.kind === "counter") values[index] = String(hole.start + row * hole.step);
    if (hole.kind === "clock") values[index] = timeOf(hole, row);
  }
  for (const cell of cellsOfHoles(template)) fillCell(cell, take(), holes, values);
  return literals.map((literal, index) => literal + (values[index] ?? "")).join("");
}

function fillCell(cell: readonly number[], text: string, holes: readonly Hole[], values: string[]): void {
  let from = 0;
  for (const index of cell) {
    const hole = holes[index] as Hole;
    if (hole.kind === "digits") {
      values[index] = text.slice(from, from + hole.width);
      from += hole.width;
    } else if (hole.kind === "choice") {
      const option = hole.options[Number(text)];
      if (option === undefined) throw new SyntaxError(`there is no option ${text.slice(0, 20)}`);
      values[index] = option;
    } else values[index] = text;
  }
}
