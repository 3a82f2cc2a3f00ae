// Whether the numbers of a JSON text survive parsing: an account number of twenty digits does not.

/** JSON numbers that a double may not hold: sixteen characters of digits, or an exponent. */
const suspicious = /\d[\d.]{15}|\d[eE]/;

/** @param source valid JSON. */
export function holdsItsNumbers(source: string): boolean {
  if (!suspicious.test(source)) return true;
  for (const literal of numberLiterals(source)) {
    if (!suspicious.test(literal)) continue;
    const number = Number(literal);
    if (!Number.isFinite(number) || decimalOf(literal) !== decimalOf(String(number))) return false;
  }
  return true;
}

/** By hand, because a regular expression that skips strings runs out of stack on one with a million escapes. */
function* numberLiterals(source: string): Generator<string> {
  const literal = /-?\d[\d.]*(?:[eE][+-]?\d+)?/y;
  for (let at = 0; at < source.length; at++) {
    const character = source[at]!;
    if (character === '"') at = closingQuote(source, at);
    else if (character === "-" || (character >= "0" && character <= "9")) {
      literal.lastIndex = at;
      const [found] = literal.exec(source) ?? [character];
      yield found;
      at += found.length - 1;
    }
  }
}

function closingQuote(source: string, start: number): number {
  let at = start + 1;
  while (at < source.length && source[at] !== '"') at += source[at] === "\\" ? 2 : 1;
  return at;
}

/** One spelling for equal decimal numbers: significant digits and the exponent of the last. */
function decimalOf(literal: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
