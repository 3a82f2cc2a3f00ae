// What a shortened text says that its source does not: numbers, names and identifiers that stand nowhere in the source.

/** A number with separators, as in 1,000.50 or 2024. */
const numberPattern = /\p{Nd}(?:[\p{Nd}.,]*\p{Nd})?/gu;
/** Runs that are one value only as a whole: identifiers, addresses, dates in digits. */
const identifierPattern = /[\p{L}\p{N}_](?:[\p{L}\p{N}_.@+/:#-]*[\p{L}\p{N}_])?/gu;
/** Words one after the other that begin with a capital; small words may stand inside a name. */
const namePattern = /\p{Lu}[\p{L}\p{M}\p{N}’'-]*(?:\s+(?:(?:of|the|de|van|von|der|and|&)\s+)?\p{Lu}[\p{L}\p{M}\p{N}’'-]*)*/gu;
/** Begin sentences in any text, and are no names. */
const openers = new Set(
  "a an the this that these those it its he she they we you i his her their our in on at by for from to of with as and or but if when while where who what which how why because since after before during although however both all some most many each every no not there here then thus also only one two three other others according overall".split(
    " ",
  ),
);

/**
 * @returns what of `text` does not stand in `source`, each once. 1,000 is 1000, and 1.50 is 1.5; case counts nowhere.
 * Spelled-out numbers, and names in scripts without capitals, are not seen.
 */
export function unfoundedValues(text: string, source: string): string[] {
  const found = new Set<string>();
  const plainSource = plain(source);
  const numbers = new Set([...source.matchAll(numberPattern)].flatMap(([number]) => [normalNumber(number), ...partsOf(number)]));
  for (const [number] of text.matchAll(numberPattern)) if (!numbers.has(normalNumber(number))) found.add(number);
  const lowerSource = source.toLowerCase();
  for (const [run] of text.matchAll(identifierPattern)) {
    if (isIdentifier(run) && !lowerSource.includes(run.toLowerCase())) found.add(run);
  }
  for (const [name] of text.matchAll(namePattern)) {
    const words = plain(name).trim().split(" ");
    while (words.length > 0 && openers.has(words[0] as string)) words.shift();
    if (words.length > 0 && !plainSource.includes(` ${words.join(" ")} `)) found.add(name);
  }
  return [...found];
}

/** Digits mixed with letters, signs of addresses, or several groups of digits. */
const isIdentifier = (run: string): boolean =>
  (/\p{N}/u.test(run) && /[\p{L}_/:#@]|\p{N}-\p{N}/u.test(run)) || /@|:\/\/|\p{L}_\p{L}|\p{L}\.\p{L}{2,}/u.test(run);

/** `1,000.50` → `1000.5`, `007` → `7`. */
function normalNumber(number: string): string {
  const plainNumber = number.replace(/,(?=\p{Nd}{3}(?!\p{Nd}))/gu, "");
  const value = Number(plainNumber);
  return Number.isFinite(value) && plainNumber.length < 16 ? String(value) : plainNumber;
}

/** A year out of 2024.05.01: groups of digits stand for themselves as well. */
const partsOf = (number: string): string[] => (/[.,]/.test(number) ? number.split(/[.,]/).map(normalNumber) : []);

/** Lower case, words set apart by one blank, possessives without their s. */
const plain = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replace(/[’']s\b/g, "")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim()} `;
