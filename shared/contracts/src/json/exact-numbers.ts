// Numbers of a JSON text that parsing would round or overflow, such as an account number of twenty digits, kept as written.

/** What a double may not hold: sixteen characters of digits, or an exponent of three. Others need no closer look. */
const suspicious = /\d[\d.]{15}|\d[eE][+-]?\d{3}/;

/** Whether every number of a JSON text survives parsing. @param source valid JSON. */
export const holdsItsNumbers = (source: string): boolean =>
  !suspicious.test(source) || roundedNumbers(source).next().done === true;

/**
 * Parses JSON; a number that would be rounded becomes the string of its digits.
 * @throws SyntaxError
 */
export function parseKeepingDigits(source: string): unknown {
  // First, because quotes could repair what is no JSON.
  const value: unknown = JSON.parse(source);
  return holdsItsNumbers(source) ? value : JSON.parse(withQuotes(source));
}

/**
 * Parses JSON; a number that would be rounded becomes one of `JSON.rawJSON`, which `JSON.stringify` writes as it was read.
 * @throws SyntaxError
 */
export function parseExactly(source: string): unknown {
  const value: unknown = JSON.parse(source);
  return holdsItsNumbers(source) ? value : withExactNumbers(value, JSON.parse(withQuotes(source)));
}

/**
 * Parses JSON; a number that would be rounded is kept as it was read within fields called `arguments`, where only a tool
 * knows what its numbers mean, and is rounded elsewhere.
 * @throws SyntaxError
 */
export function parseWithExactArguments(source: string): unknown {
  const value: unknown = JSON.parse(source);
  return holdsItsNumbers(source) ? value : withExactNumbers(value, JSON.parse(withQuotes(source)), "arguments");
}

/** The value with numbers that a schema can check: an integer of any length as a BigInt, any other as the nearest double. */
export function withBigIntegers(value: unknown): unknown {
  if (isExactNumber(value)) return /^-?\d+$/.test(value.rawJSON) ? BigInt(value.rawJSON) : Number(value.rawJSON);
  if (Array.isArray(value)) return value.map(withBigIntegers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, withBigIntegers(held)]));
}

/** A number as it was written, of digits that a double does not hold. */
export interface ExactNumber {
  readonly rawJSON: string;
}

declare global {
  /** ES2026, which TypeScript's libraries do not have yet. */
  interface JSON {
    rawJSON(text: string): ExactNumber;
    isRawJSON(value: unknown): value is ExactNumber;
  }
}

/** The published client also runs on Node 20, which has no such numbers. */
export const isExactNumber = (value: unknown): value is ExactNumber => JSON.isRawJSON?.(value) ?? false;

/**
 * The number as written where a double does not hold it.
 * @param text anything.
 */
export function exactNumberOf(text: string): ExactNumber | undefined {
  if (!suspicious.test(text) || !/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) || isHeld(text)) return undefined;
  return JSON.rawJSON(text);
}

/**
 * Where one of two parsings has a number and the other its digits, the digits are the number. Without recursion, for any depth.
 * @param rounded is changed.
 * @param within only in fields of this name; everywhere when absent.
 */
function withExactNumbers(rounded: unknown, quoted: unknown, within?: string): unknown {
  type Container = Record<string, unknown>;
  const root: Container = { value: rounded };
  const pending: [Container, Container, boolean][] = [[root, { value: quoted }, within === undefined]];
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    const [left, right, isWithin] = pair;
    for (const key of Object.keys(left)) {
      const value = left[key];
      const other = right[key];
      const isExact = isWithin || key === within;
      if (typeof value === "number" && typeof other === "string") left[key] = isExact ? JSON.rawJSON(other) : value;
      else if (typeof value === "object" && value !== null) pending.push([value as Container, other as Container, isExact]);
    }
  }
  return root.value;
}

function withQuotes(source: string): string {
  let quoted = "";
  let from = 0;
  for (const { start, literal } of roundedNumbers(source)) {
    quoted += `${source.slice(from, start)}"${literal}"`;
    from = start + literal.length;
  }
  return quoted + source.slice(from);
}

interface Literal {
  readonly start: number;
  readonly literal: string;
}

const numbers = /-?\d[\d.]*(?:[eE][+-]?\d+)?/g;
const backslash = 92;

/** String by string, because a regular expression that skips strings runs out of stack on one with a million escapes. */
function* roundedNumbers(source: string): Generator<Literal> {
  for (let from = 0; from < source.length; ) {
    const opening = source.indexOf('"', from);
    const between = source.slice(from, opening === -1 ? source.length : opening);
    if (suspicious.test(between)) {
      for (const { 0: literal, index } of between.matchAll(numbers)) {
        if (suspicious.test(literal) && !isHeld(literal)) yield { start: from + index, literal };
      }
    }
    if (opening === -1) return;
    from = closingQuote(source, opening) + 1;
  }
}

function closingQuote(source: string, opening: number): number {
  for (let quote = source.indexOf('"', opening + 1); quote !== -1; quote = source.indexOf('"', quote + 1)) {
    let before = quote;
    while (source.charCodeAt(before - 1) === backslash) before--;
    if ((quote - before) % 2 === 0) return quote;
  }
  return source.length;
}

function isHeld(literal: string): boolean {
  const number = Number(literal);
  const printed = String(number);
  return printed === literal || (Number.isFinite(number) && decimalOf(literal) === decimalOf(printed));
}

/** One spelling for equal decimal numbers: significant digits and the exponent of the last. */
function decimalOf(literal: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/(?<!0)0+$/, "");
  if (significant === "") return "0";
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
