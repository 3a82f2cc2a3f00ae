// The scripts whose words a space does not set apart.

/** Written without spaces between words; the inside of a character class of a regular expression with the flag `v`. */
export const spacelessScripts =
  "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}\\p{sc=Tibetan}";

/** Those, and Hangul: Korean writes particles on to its words. Pairs of characters are the terms of all of them. */
export const pairedScripts = `${spacelessScripts}\\p{sc=Hangul}`;

const spaceless = new RegExp(`[${spacelessScripts}]`, "v");
const paired = new RegExp(`[${pairedScripts}]`, "v");
/** None of the scripts above begins before Thai. */
const firstPairedUnit = 0x0e00;

/** Whether some of the text is of a script without spaces. */
export const isSpaceless = (text: string): boolean => spaceless.test(text);

/** Whether some of the text is of a script whose terms are pairs of characters. */
export function isPaired(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= firstPairedUnit) return paired.test(text);
  return false;
}

const surrogate = /[\uD800-\uDFFF]/;

/** Whether each UTF-16 unit is a character. */
export const isOfSingleUnits = (text: string): boolean => !surrogate.test(text);
