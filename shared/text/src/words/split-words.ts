// Words of keys, values and questions: split and lower case, in any script.

const longestKey = 256;
const asciiKey = /^[a-z0-9_]{1,256}$/;

/** Words of a key: `payment_methodId2` gives payment, method, id, 2. Lower case, not stemmed. */
export function wordsOfKey(key: string): string[] {
  // Most keys are plain snake_case: the pattern for all scripts costs ten times as much.
  if (asciiKey.test(key)) return key.match(/[a-z]+|[0-9]+/g) ?? [];
  const spaced = key
    .slice(0, longestKey)
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
    .replace(/\p{Lu}(?=\p{Lu}\p{Ll})/gu, "$& ");
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
