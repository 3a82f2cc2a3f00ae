// Whether facts stand in a text. Necessary for a right answer, not sufficient: a floor.

/** Lower case, punctuation as blanks: `"1,204"` and `1 204` are the same fact, `ORD-7` and `ord 7` too. */
const normalise = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\s]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();

const isWordCharacter = (character: string | undefined): boolean => character !== undefined && /[a-z0-9_]/.test(character);

/** @returns a function that says whether a fact stands in the text, as whole words where it is written in Latin letters. */
export function createFactFinder(text: string): (fact: string) => boolean {
  const haystack = normalise(text);
  return (fact) => {
    const needle = normalise(fact);
    if (needle === "") return false;
    for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + 1)) {
      const startsInside = isWordCharacter(needle[0]) && isWordCharacter(haystack[at - 1]);
      const endsInside = isWordCharacter(needle.at(-1)) && isWordCharacter(haystack[at + needle.length]);
      if (!startsInside && !endsInside) return true;
    }
    return false;
  };
}
