// The words of a text as numbers: in one pass over its characters, for comparing texts quickly.

export interface WordHashes {
  /** One for each word, in order; letters of ASCII count the same in either case. */
  readonly hashes: readonly number[];
  /** Of the words that say something: numbers, negations, and words of four characters or more. */
  readonly telling: readonly number[];
}

/** FNV-1a, 32 bits. */
const fnvOffset = 0x811c9dc5;
export const fnvPrime = 0x01000193;

/** Words are runs of letters and digits of ASCII, and of all characters above Latin-1's signs but punctuation and blanks. */
export function hashWords(text: string): WordHashes {
  const hashes: number[] = [];
  const telling: number[] = [];
  let hash = fnvOffset;
  let length = 0;
  let hasDigit = false;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0;
    const character = wordCharacter(code);
    if (character !== 0) {
      hash = Math.imul(hash ^ character, fnvPrime);
      length++;
      if (character < 58) hasDigit = true;
    } else if (length > 0) {
      hashes.push(hash);
      if (hasDigit || length > 3 || negations.has(hash)) telling.push(hash);
      hash = fnvOffset;
      length = 0;
      hasDigit = false;
    }
  }
  return { hashes, telling };
}

/** The words of texts one after the other, with something between them that is no part of a word. */
export const joinedWords = (parts: readonly WordHashes[]): WordHashes => ({
  hashes: parts.flatMap(({ hashes }) => hashes),
  telling: parts.flatMap(({ telling }) => telling),
});

/** The character in lower case, 0 for one between words. */
function wordCharacter(code: number): number {
  if (code < 128) {
    if (code >= 97 && code <= 122) return code;
    if (code >= 65 && code <= 90) return code + 32;
    return code >= 48 && code <= 57 ? code : 0;
  }
  if (code < 0xc0) return 0;
  return (code >= 0x2000 && code < 0x2070) || (code >= 0x3000 && code < 0x3040) || (code >= 0xff00 && code < 0xff10) ? 0 : code;
}

function hashOf(word: string): number {
  let hash = fnvOffset;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), fnvPrime);
  return hash;
}

const negations = new Set(["no", "not", "nor", "off", "un"].map(hashOf));
