// Values that a later step may need word for word: identifiers, dates, numbers, addresses, short fields of JSON.
import { parseKeepingDigits } from "@nocp/contracts/json/exact-numbers.ts";

export interface ProtectedValue {
  /** As it stands in the text. */
  readonly text: string;
  /** The field's name, for a value from JSON. */
  readonly key?: string;
  /** 0 for identifiers, dates and addresses; 1 for short fields and names; 2 for plain numbers. Lower is more precious. */
  readonly rank: 0 | 1 | 2;
}

/** Runs without spaces that may hold identifiers, addresses, dates, amounts; trailing punctuation is not part of them. */
const runPattern = /[\p{L}\p{N}_](?:[\p{L}\p{N}_.@+/:#-]*[\p{L}\p{N}_])?/gu;
const hasDigit = /\p{Nd}/u;
const maxValueLength = 80;
/** Fields up to this many characters are names, codes and states; longer ones are prose. */
const maxFieldLength = 32;
/** What is deeper in JSON is not looked at. */
const maxDepth = 12;

/**
 * @param names whether names inside sentences are wanted too; a text of words alone is then read in vain.
 * @returns the values in the order of the text, repetitions included. Linear.
 */
export function protectedValues(text: string, names = true): ProtectedValue[] {
  const parsed = parseStructure(text);
  if (parsed !== undefined) return valuesOfJson(parsed);
  return names || mayHoldIdentifier.test(text) ? valuesOfProse(text) : [];
}

const mayHoldIdentifier = /[\p{Nd}_@]/u;

/** Whether a text is JSON, as results of tools are. */
export const isStructured = (text: string): boolean => parseStructure(text) !== undefined;

/** What stands out of prose by its form: a run with a digit, an underscore or an at sign, and names inside sentences. */
function valuesOfProse(text: string): ProtectedValue[] {
  const values: ProtectedValue[] = [];
  for (const match of text.matchAll(runPattern)) {
    const run = match[0];
    if (run.length > maxValueLength) continue;
    if (isIdentifierLike(run)) values.push({ text: run, rank: plainNumber.test(run) ? 2 : 0 });
    else if (name.test(run) && /[\p{L}\p{N},] $/u.test(text.slice(Math.max(0, match.index - 2), match.index)))
      values.push({ text: run, rank: 1 });
  }
  return values;
}

const plainNumber = /^[\p{Nd}.,]+$/u;
const name = /^\p{Lu}\p{Ll}/u;

/** A single digit is a count, not a value to protect. */
function isIdentifierLike(run: string): boolean {
  if (run.length < 3) return false;
  return hasDigit.test(run) || (run.includes("@") && run.includes(".")) || /\p{L}_\p{L}/u.test(run);
}

/** Rules out what cannot be JSON at a glance: a thrown syntax error costs more than reading the text. */
const structureStart = /^\s*(?:\{\s*["}]|\[\s*["\]{[0-9tfn-])/;
const structureEnd = /[}\]]\s{0,8}$/;

function parseStructure(text: string): unknown {
  if (!structureStart.test(text) || !structureEnd.test(text.slice(-9))) return undefined;
  try {
    return parseKeepingDigits(text);
  } catch {
    return undefined;
  }
}

function valuesOfJson(root: unknown): ProtectedValue[] {
  const values: ProtectedValue[] = [];
  const visit = (value: unknown, key: string, depth: number): void => {
    if (typeof value === "object" && value !== null && depth > maxDepth) return;
    if (Array.isArray(value)) for (const entry of value) visit(entry, key, depth + 1);
    else if (typeof value === "object" && value !== null) {
      for (const [field, entry] of Object.entries(value)) {
        if (hasDigit.test(field) && isIdentifierLike(field)) values.push({ text: field, rank: 0 });
        visit(entry, field, depth + 1);
      }
    } else if (typeof value === "string" && value.length > maxFieldLength) {
      for (const found of valuesOfProse(value)) values.push(found);
    } else if (typeof value === "string" && value !== "")
      values.push({ text: value, key, rank: isIdentifierLike(value) ? 0 : 1 });
    else if (typeof value === "number") values.push({ text: String(value), key, rank: 2 });
  };
  visit(root, "", 0);
  return values;
}
