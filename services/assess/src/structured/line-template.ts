// A line of a log as its template and what changes from one line to the next: numbers, addresses, hashes, times.

export interface LineTemplate {
  /** The line with `#` in the place of each variable. */
  readonly template: string;
  /** What was replaced, in order. */
  readonly variables: readonly string[];
}

/** UTF-16 units of a line that are looked at. */
const longestLine = 2000;
const [underscore, dash] = [95, 45];

const [digit, hexLetter, otherLetter, wordMark, stop] = [1, 2, 4, 8, 16];
const letter = hexLetter | otherLetter;
const hex = digit | hexLetter;
const word = digit | letter | wordMark;
const stopMarks = "/,;=()[]{}\"'<>|";

/** By character code below 128. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[0-9]/.test(character)) return digit;
  if (/[a-f]/i.test(character)) return hexLetter;
  if (/[a-z]/i.test(character)) return otherLetter;
  if (code === underscore) return wordMark;
  return stopMarks.includes(character) || /\s/.test(character) ? stop : 0;
});

/** NaN, behind the end of a line, stops, too. */
function kindAt(line: string, at: number): number {
  const code = line.charCodeAt(at);
  if (code < 128) return kinds[code] as number;
  return code >= 128 && !/\s/.test(line[at] as string) ? 0 : stop;
}

/**
 * What varies is, the first that fits: a UUID, a word of six hexadecimal digits and more with a number among them, letters with a
 * number inside, and what begins with a digit, up to a blank, a bracket or a separator. One pass; an expression of these took
 * half of the time that a log takes.
 */
export function readTemplate(whole: string): LineTemplate {
  const line = whole.length > longestLine ? whole.slice(0, longestLine) : whole;
  const variables: string[] = [];
  let template = "";
  let written = 0;
  let before = 0;
  for (let at = 0; at < line.length; ) {
    const kind = kindAt(line, at);
    const isWordStart = (before & word) === 0;
    let end = at;
    if (kind === digit) end = endOfVariable(line, at, isWordStart);
    else if ((kind & letter) !== 0 && isWordStart) {
      const wordEnd = endOfRun(line, at, letter);
      // Most words are of letters alone.
      if (kindAt(line, wordEnd) === digit || line.charCodeAt(wordEnd) === dash) end = endOfVariable(line, at, true);
      if (end === at) {
        before = letter;
        at = wordEnd;
        continue;
      }
    }
    if (end === at) {
      before = kind;
      at++;
      continue;
    }
    variables.push(line.slice(at, end));
    template += `${line.slice(written, at)}#`;
    written = end;
    before = kindAt(line, end - 1);
    at = end;
  }
  return { template: written === 0 ? line : template + line.slice(written), variables };
}

/** @returns `start` where nothing that varies begins. */
function endOfVariable(line: string, start: number, isWordStart: boolean): number {
  if (isWordStart) {
    const end = endOfName(line, start);
    if (end !== start) return end;
  }
  if (kindAt(line, start) !== digit) return start;
  let end = start + 1;
  while (end < line.length && kindAt(line, end) !== stop) end++;
  return end;
}

/** Of a UUID, a hash or letters around a number, at the beginning of a word. */
function endOfName(line: string, start: number): number {
  const hexEnd = endOfRun(line, start, hex);
  if (hexEnd - start === 8) {
    const end = endOfUuid(line, hexEnd);
    if (end !== hexEnd) return end;
  }
  const isHash = hexEnd - start >= 6 && (kindAt(line, hexEnd) & word) === 0 && endOfRun(line, start, hexLetter) < hexEnd;
  if (isHash) return hexEnd;
  const numberStart = endOfRun(line, start, letter);
  if (numberStart === start) return start;
  const numberEnd = endOfRun(line, numberStart, digit);
  return numberEnd > numberStart && (kindAt(line, numberEnd) & letter) !== 0 ? endOfRun(line, numberEnd, word) : start;
}

/** What follows the first eight digits, up to where a word ends: at least 22 digits and dashes. */
function endOfUuid(line: string, from: number): number {
  if (line.charCodeAt(from) !== dash) return from;
  const second = endOfRun(line, from + 1, hex);
  if (second - from !== 5 || line.charCodeAt(second) !== dash) return from;
  let end = second + 1;
  while (end < line.length && ((kindAt(line, end) & hex) !== 0 || line.charCodeAt(end) === dash)) end++;
  const isBoundary = (at: number): boolean => ((kindAt(line, at - 1) & word) === 0) !== ((kindAt(line, at) & word) === 0);
  while (end - second > 22 && !isBoundary(end)) end--;
  return end - second > 22 ? end : from;
}

function endOfRun(line: string, from: number, kind: number): number {
  let at = from;
  while ((kindAt(line, at) & kind) !== 0) at++;
  return at;
}
