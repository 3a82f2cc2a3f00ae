// A text without what its layout alone decides: two that are equal so say the same, word for word and figure for figure.

/** Blanks other than one between words, dashes, typographic quotation marks, and the minus sign. */
const layout = /\s{2,}|[^\S ]|[\u2010-\u2015\u2018-\u201f\u2212]/g;

/**
 * Where a line is wrapped, a doubled blank, and the forms of blanks, dashes and quotation marks do not count. Everything else
 * does: a comma can turn a sentence round, case tells names from words, blanks are columns of tables and the indentation of programs.
 */
export const withoutLayout = (text: string): string => text.replace(layout, plainForm);

function plainForm(run: string): string {
  const code = run.charCodeAt(0);
  if (code >= 0x201c && code <= 0x201f) return '"';
  if (code >= 0x2018 && code <= 0x201b) return "'";
  if (code === 0x2212 || (code >= 0x2010 && code <= 0x2015)) return "-";
  const lineEnd = run.lastIndexOf("\n");
  if (lineEnd !== -1) return lineEnd === run.length - 1 ? " " : run.slice(lineEnd);
  return run.length > 2 || run.includes("\t") ? run : " ";
}

const [doubleQuote, singleQuote, dash] = [34, 39, 45];
/** Of each process its own: texts that share a fingerprint must not be known beforehand. */
const seed = Math.floor(Math.random() * 0x7fffffff);

/**
 * A number that texts with the same `withoutLayout` share: of the characters that are no blanks, in one form. One pass that
 * makes no strings: most texts repeat nothing, and need not be rewritten to find that out.
 */
export function fingerprintOf(text: string, from = 0, to = text.length): number {
  let one = seed;
  let other = seed;
  for (let at = from; at < to; at++) {
    let code = text.charCodeAt(at);
    if (code >= 128) code = plainCode(code, text[at] as string);
    if (code <= 32) continue;
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other, 31) + code;
  }
  return joinFingerprints(one, other);
}

/** One fingerprint of two. */
export const joinFingerprints = (one: number, other: number): number =>
  (((one ^ (one >>> 15)) >>> 0) & 0x1fffff) * 0x1_0000_0000 + ((Math.imul(one, 0x9e3779b1) ^ other) >>> 0);

/** As `plainForm` writes it; 0 for a blank. */
function plainCode(code: number, character: string): number {
  if (code >= 0x201c && code <= 0x201f) return doubleQuote;
  if (code >= 0x2018 && code <= 0x201b) return singleQuote;
  if (code === 0x2212 || (code >= 0x2010 && code <= 0x2015)) return dash;
  return /\s/.test(character) ? 0 : code;
}
