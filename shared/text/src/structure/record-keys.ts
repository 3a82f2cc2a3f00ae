// What lines may have in common where records begin: their marks, their first words, their shape. Asked for hundreds of lines
// of each text, so characters are looked up in a table; pairs of surrogates, which are rare, are left to expressions.

/** Units of a line whose words are compared. */
const longestKeyed = 80;
/** Of a line whose words are one letter each. */
const longestMarks = 60;

const [unknown, blank, letter, digit, mark, surrogate] = [0, 1, 2, 3, 4, 5];
/** Classes of UTF-16 units, filled as they come. */
const classes = new Uint8Array(0x10000);

function classAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  const known = classes[code] as number;
  if (known !== unknown) return known;
  classes[code] = classOf(code);
  return classes[code] as number;
}

function classOf(code: number): number {
  if (code >= 0xd800 && code <= 0xdfff) return surrogate;
  const character = String.fromCharCode(code);
  if (/\s/.test(character)) return blank;
  if (/[\p{L}_]/u.test(character)) return letter;
  return /\p{N}/u.test(character) ? digit : mark;
}

/** A word, a number or a mark, with the blanks before it. */
const token = /\s{0,80}(?:[\p{L}_]+|\p{N}+|[^\s\p{L}\p{N}_])/gu;
const longestBlanks = 80;

/** A text's first one, two, … words, numbers and marks. @param most beginnings at most. */
export function beginningsOf(text: string, most: number): string[] {
  const all: string[] = [];
  let at = 0;
  while (all.length < most) {
    const from = at;
    while (at < text.length && classAt(text, at) === blank) at++;
    if (at === text.length) return all;
    const own = classAt(text, at);
    if (own === surrogate || at - from > longestBlanks) return matchedBeginnings(text, most);
    at++;
    if (own !== mark) while (at < text.length && classAt(text, at) === own) at++;
    if (own !== mark && at < text.length && classAt(text, at) === surrogate) return matchedBeginnings(text, most);
    all.push(text.slice(0, at));
  }
  return all;
}

/** Whether a text's first words, numbers and marks are those of a beginning. @param words how many. */
export function isBegunBy(text: string, beginning: string, words: number): boolean {
  if (!text.startsWith(beginning)) return false;
  if (text.length === beginning.length) return true;
  const last = classAt(text, beginning.length - 1);
  const next = classAt(text, beginning.length);
  if (last === surrogate || next === surrogate) return beginningsOf(text, words)[words - 1] === beginning;
  return last === mark || last !== next;
}

function matchedBeginnings(text: string, most: number): string[] {
  const all: string[] = [];
  let beginning = "";
  for (const [part] of text.matchAll(token)) {
    if (all.length === most) break;
    beginning += part;
    all.push(beginning);
  }
  return all;
}

/** A text with each number as `0`. */
export function numbersAlike(text: string): string {
  let alike = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const own = classAt(text, at);
    if (own === surrogate) return text.replace(/\p{N}+/gu, "0");
    if (own !== digit) continue;
    alike += `${text.slice(from, at)}0`;
    while (at + 1 < text.length && classAt(text, at + 1) === digit) at++;
    from = at + 1;
  }
  return from === 0 ? text : alike + text.slice(from);
}

/** A line's beginning with each number as `0`: what its words are told from. */
export const keyedOf = (head: string): string => numbersAlike(head.slice(0, longestKeyed));

/** A line with each word as `w` and each number as `0`. Columns are as wide as what stands in them: blanks within a line count once. */
export function marksOf(head: string): string {
  let marks = "";
  let before = unknown;
  for (let at = 0; at < head.length && marks.length < longestMarks; at++) {
    const own = classAt(head, at);
    if (own === surrogate) return replacedMarks(head);
    const isSame = own === before;
    if (own === mark) marks += head.charAt(at);
    else if (own === letter) marks += isSame ? "" : "w";
    else if (own === digit) marks += isSame ? "" : "0";
    // Blanks before all else are the indentation.
    else if (before === unknown) {
      marks += head.charAt(at);
      continue;
    } else marks += isSame ? "" : " ";
    before = own;
  }
  return marks;
}

const replacedMarks = (head: string): string =>
  numbersAlike(head.replace(/[\p{L}_]+/gu, "w").replace(/(?<=\S)\s+/g, " ")).slice(0, longestMarks);

const longestShape = { before: 12, word: 24 } as const;

/** Up to and with the first word and the mark after it. */
export function shapeOf(head: string): string {
  let at = 0;
  const isBefore = () => at < longestShape.before && at < head.length && classAt(head, at) !== letter;
  for (; isBefore(); at++) if (classAt(head, at) === surrogate) return matchedShape(head);
  const wordEnd = Math.min(head.length, at + longestShape.word);
  while (at < wordEnd && classAt(head, at) === letter) at++;
  const after = at < head.length ? classAt(head, at) : blank;
  if (after === surrogate) return matchedShape(head);
  return numbersAlike(head.slice(0, after === mark ? at + 1 : at));
}

const matchedShape = (head: string): string =>
  numbersAlike(/^[^\p{L}_]{0,12}[\p{L}_]{0,24}[^\s\p{L}\p{N}_]?/u.exec(head)?.[0] ?? "");
