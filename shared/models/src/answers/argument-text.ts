// The arguments of a tool call while their JSON comes in pieces, written as `JSON.stringify` writes them when they are read:
// two models, or two tellings of one answer, that say the same in other blanks and escapes say the same text.
import { exactNumberOf } from "@nocp/contracts/json/exact-numbers.ts";
import { withEscapedControls } from "./read-answer.ts";

export interface ArgumentText {
  /** @returns what is certain by now. What is no JSON object is never shown, or not to its end: reading it will fail. */
  push(piece: string): string;
  /** The object has ended. */
  readonly isComplete: boolean;
}

/** Blanks; a mark; a word. */
const tokenPattern = /[ \t\r\n]+|[{}[\],:"]|[a-z]+/y;
/** Before it, a number may go on in the next piece. */
const numberEnd = /[^\d+\-.eE]/;

export function createArgumentText(): ArgumentText {
  let state: "outside" | "string" | "number" | "complete" | "broken" = "outside";
  let depth = 0;
  let held = "";
  /** Of a number, as far as it came. Each piece is read once: models that repeat themselves write digits without an end. */
  let digits = "";

  const outside = (): string | undefined => {
    if (depth > 0 && /^[-\d]/.test(held)) {
      state = "number";
      return "";
    }
    tokenPattern.lastIndex = 0;
    const token = tokenPattern.exec(held)?.[0];
    if (token === undefined || (depth === 0 && token !== "{" && token.trim() !== "")) {
      state = "broken";
      return undefined;
    }
    held = held.slice(token.length);
    if (token === '"') state = "string";
    if (token === "{" || token === "[") depth += 1;
    if (token === "}" || token === "]") depth -= 1;
    if (depth === 0 && token === "}") state = "complete";
    return token.trim();
  };
  const withinNumber = (): string | undefined => {
    const end = held.search(numberEnd);
    digits += end === -1 ? held : held.slice(0, end);
    held = end === -1 ? "" : held.slice(end);
    if (end === -1) return undefined;
    const number = digits;
    digits = "";
    state = /^-?\d/.test(number) ? "outside" : "broken";
    return state === "broken" ? undefined : JSON.stringify(exactNumberOf(number) ?? Number(number));
  };
  const withinString = (): string | undefined => {
    const end = endOfCertain(held);
    const isClosed = held[end] === '"';
    const text = canonicalString(held.slice(0, end));
    if (text === undefined) state = "broken";
    if (text === undefined || (end === 0 && !isClosed)) return undefined;
    held = held.slice(end + (isClosed ? 1 : 0));
    if (isClosed) state = "outside";
    return isClosed ? `${text}"` : text;
  };
  return {
    push(piece) {
      held += piece;
      let written = "";
      while (held !== "" && (state === "outside" || state === "string" || state === "number")) {
        const next = state === "outside" ? outside() : state === "string" ? withinString() : withinNumber();
        if (next === undefined) return written;
        written += next;
      }
      return written;
    },
    get isComplete() {
      return state === "complete";
    },
  };
}

/** Up to where the text of a string is certain: to its end, or to an escape that may go on. */
function endOfCertain(text: string): number {
  const special = /["\\]/g;
  for (let found = special.exec(text); found !== null; found = special.exec(text)) {
    const at = found.index;
    if (found[0] === '"') return at;
    const sequence = /^\\(?:u[0-9a-fA-F]{0,4}|[^u])?/.exec(text.slice(at, at + 6))?.[0] ?? "";
    const whole = sequence[1] === "u" ? 6 : 2;
    if (sequence.length < whole && at + sequence.length === text.length) return at;
    special.lastIndex = at + Math.max(2, sequence.length);
    // The halves of a character are read together.
    const isFirstHalf = /^\\u[dD][89abAB]/.test(sequence);
    if (isFirstHalf && /^(?:\\(?:u[0-9a-fA-F]{0,3})?)?$/.test(text.slice(at + 6))) return at;
  }
  return /[\ud800-\udbff]$/.test(text) ? text.length - 1 : text.length;
}

/** @param written between the quotes of a string. @returns undefined for what no string may hold. */
function canonicalString(written: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(withEscapedControls(`"${written}"`))).slice(1, -1);
  } catch {
    return undefined;
  }
}
