// Words of keys, values and questions: split, lower case, lightly stemmed, in any script.

const unspacedScripts =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const longestKey = 256;
const asciiKey = /^[a-z0-9_]{1,256}$/;

/** Whether words of this text are written without blanks between them, or with particles grown on to them as in Korean. */
export const isUnspaced = (text: string): boolean => unspacedScripts.test(text);

/** Words of a key: `payment_methodId2` gives payment, method, id, 2. Lower case, not stemmed. */
export function wordsOfKey(key: string): string[] {
  // Most keys are plain snake_case: the pattern for all scripts costs ten times as much.
  if (asciiKey.test(key)) return key.match(/[a-z]+|[0-9]+/g) ?? [];
  const spaced = key
    .slice(0, longestKey)
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, "$1 $2");
  return spaced.toLowerCase().match(/[\p{L}\p{M}]+|\p{N}+/gu) ?? [];
}

/** Words of running text, lower case; an unspaced run stays one word. */
export const wordsOfText = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}]+|\p{N}+/gu) ?? [];

/** Text as the words in it, with single blanks between: two writings of one value become equal. */
export const normalisedText = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim();

function isLatin(word: string): boolean {
  for (let index = 0; index < word.length; index++) {
    const code = word.charCodeAt(index);
    if (code < 97 || code > 122) return false;
  }
  return true;
}

/**
 * A light stem of a lower-case word: plurals, -ing, -ed and a final e go. English endings; other languages are left to the
 * comparison of beginnings in `stemSimilarity`.
 */
export function stemOf(word: string): string {
  if (word.length < 4 || !isLatin(word)) return word;
  let stem = word;
  if (stem.endsWith("ies") && stem.length > 4) stem = `${stem.slice(0, -3)}y`;
  else if (/(?:ss|sh|ch|x|z)es$/.test(stem)) stem = stem.slice(0, -2);
  else if (stem.endsWith("s") && !/(?:ss|us|is)$/.test(stem)) stem = stem.slice(0, -1);
  if (stem.length > 5 && stem.endsWith("ing")) stem = stem.slice(0, -3);
  else if (stem.length > 4 && stem.endsWith("ed") && !stem.endsWith("eed")) stem = stem.slice(0, -2);
  if (stem.length > 3 && /([bdfgklmnprt])\1$/.test(stem)) stem = stem.slice(0, -1);
  if (stem.length > 4 && stem.endsWith("e")) stem = stem.slice(0, -1);
  return stem;
}

/** Shortest stem that may be a part of another word, by script. */
function shortestPart(stem: string): number {
  if (isLatin(stem)) return 4;
  return isUnspaced(stem) ? 2 : 3;
}

/** How alike two words are by their stems, 0 to 1: the same 1, a long common beginning or one inside the other less. */
export function stemSimilarity(left: string, right: string): number {
  if (left === right) return 1;
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  const first = short.charCodeAt(0);
  if (short.length < 2 || (first >= 48 && first <= 57) || short.length < 0.35 * long.length) return 0;
  let common = 0;
  while (common < short.length && short.charCodeAt(common) === long.charCodeAt(common)) common++;
  if (common < 3 && !long.includes(short)) return 0;
  if (short.length < shortestPart(short)) return 0;
  if (common >= 5 && common / long.length >= 0.6) return 0.7;
  if (common === short.length && common / long.length >= 0.5) return 0.6;
  return long.includes(short) ? 0.5 : 0;
}
