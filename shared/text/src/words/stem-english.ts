// Light stemming of English: inflection only, so that `elected`, `elects` and `electing` meet and meanings stay apart.

const vowel = /[aeiouy]/;

/**
 * Takes off plural, past and progressive endings and a few agent and adverb ones, for lower-case ASCII words of four
 * letters and more. A reduced form of M. F. Porter, "An algorithm for suffix stripping", 1980, steps 1a to 1c.
 */
export function stemEnglish(word: string): string {
  if (word.length < 4) return word;
  let stem = word.endsWith("s") ? withoutPlural(word) : word;
  if (stem.length > 5 && stem.endsWith("ly")) stem = stem.slice(0, -2);
  if (stem.endsWith("ing")) stem = withoutEnding(stem, 3);
  else if (stem.endsWith("ed")) stem = withoutEnding(stem, 2);
  if (stem.length > 4 && stem.endsWith("e")) return stem.slice(0, -1);
  return stem.length > 3 && stem.endsWith("y") ? `${stem.slice(0, -1)}i` : stem;
}

/** The ending stays on what would be too short or have no vowel: `sing`, `shed`. */
function withoutEnding(word: string, length: number): string {
  const base = word.slice(0, -length);
  return base.length < 3 || !vowel.test(base) ? word : undoubled(base);
}

function withoutPlural(word: string): string {
  if (word.endsWith("ss") || word.endsWith("us") || word.endsWith("is")) return word;
  if (word.endsWith("ies") && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:sh|ch|x|ss|z)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

function undoubled(base: string): string {
  const last = base.at(-1);
  return base.length > 3 && last === base.at(-2) && !/[lsz]/.test(last ?? "") ? base.slice(0, -1) : base;
}
