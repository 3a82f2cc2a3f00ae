// A text as sentences: spans that touch, so that their tokens add up to the text's and any of them can be left out.

/** Offsets into the text, `end` exclusive. A span owns the spaces before it and the line breaks after it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Sentences longer than this are cut at clauses or spaces, in UTF-16 units: selection needs pieces. */
const maxSentenceLength = 480;
/** A cut piece is at least this long, unless the text ends. */
const minPieceLength = 160;

const lineFeed = 10;
const space = 32;
const tab = 9;
const fullStop = 46;

/** Ends of sentences in scripts that put no space after them: CJK, fullwidth, Devanagari, Myanmar, Khmer, Tibetan, Ethiopic. */
const unspacedTerminators = new Set([..."。！？｡．।॥။៕།።"].map((mark) => mark.charCodeAt(0)));
/** Ends that need a space or a closing mark after them: Latin, Arabic, Urdu, Armenian, ellipsis. */
const spacedTerminators = new Set([...".!?؟۔։…"].map((mark) => mark.charCodeAt(0)));
const closers = new Set([..."\"')]}»”’」』）"].map((mark) => mark.charCodeAt(0)));
const clauseMarks = new Set([...",;:،؛、，；：—"].map((mark) => mark.charCodeAt(0)));

/** Words whose full stop ends no sentence, lower case. */
const abbreviations = new Set(
  "mr mrs ms dr prof st jr sr vs etc no vol fig al approx dept est gov gen col sgt capt lt rev hon inc ltd co corp e.g i.e cf ca c".split(
    " ",
  ),
);

/** Thai and Lao end a sentence with a space, which stands between phrases, too: a shorter piece is a phrase. */
const minPhraseLength = 24;
const isThaiOrLao = (code: number): boolean => code >= 0x0e00 && code <= 0x0eff;

const isSpace = (code: number): boolean => code === space || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x3000;
/** 1 for the characters of ASCII that end nothing: nearly all of many texts, so they are passed over first. */
const endsNothing = Uint8Array.from({ length: 128 }, (_, code) =>
  code === lineFeed || unspacedTerminators.has(code) || spacedTerminators.has(code) ? 0 : 1,
);
const isLowerAscii = (code: number): boolean => code >= 97 && code <= 122;

/**
 * @param from, to the part of the text to split; all of it without them.
 * @returns spans that cover it from first to last character; none for an empty one. Linear.
 */
export function splitSentences(text: string, from = 0, to = text.length): Span[] {
  const spans: Span[] = [];
  let start = from;
  const close = (end: number) => {
    if (end <= start) return;
    splitLong(text, start, end, spans);
    start = end;
  };
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code < 128 && endsNothing[code] === 1) continue;
    if (isThaiOrLao(code)) {
      const gap = at + 1;
      const isGap = gap < to && text.charCodeAt(gap) === space && isThaiOrLao(text.charCodeAt(gap + 1));
      if (isGap && gap - start >= minPhraseLength) close(gap);
    } else if (code === lineFeed) {
      let end = at + 1;
      for (let next = end; next < to && isSpace(text.charCodeAt(next)); next++) {
        if (text.charCodeAt(next) === lineFeed) end = next + 1;
      }
      if (end > at + 1 || !continuesBlock(text, start, at)) close(end);
      at = end - 1;
    } else if (unspacedTerminators.has(code)) {
      at = afterClosers(text, at + 1) - 1;
      close(Math.min(at + 1, to));
    } else if (spacedTerminators.has(code)) {
      const stop = at;
      const end = afterClosers(text, at + 1);
      // A run of marks is read once, whether it ends a sentence or not: a long one would take its square otherwise.
      at = end - 1;
      if (end < to && !isSpace(text.charCodeAt(end))) continue;
      if (code === fullStop && continuesAfterStop(text, start, stop, end)) continue;
      if (text.charCodeAt(end) !== lineFeed) close(Math.min(end, to));
    }
  }
  close(to);
  return spans;
}

/** Lines below an indented one are its parts, as in YAML and code: up to so many UTF-16 units they stay with it. */
const maxBlockLength = 320;

/** Whether the line that `lineEnd` ends is followed by a line below it in its block, or by another of those. */
function continuesBlock(text: string, blockStart: number, lineEnd: number): boolean {
  const next = indentationAt(text, lineEnd + 1);
  if (next === 0 || lineEnd - blockStart > maxBlockLength || isTerminated(text, blockStart, lineEnd)) return false;
  const lineStart = text.lastIndexOf("\n", lineEnd - 1) + 1;
  if (lineStart < blockStart) return false;
  const own = indentationAt(text, lineStart);
  return next > own || (next === own && lineStart > blockStart);
}

function indentationAt(text: string, lineStart: number): number {
  let at = lineStart;
  while (at < text.length && (text.charCodeAt(at) === space || text.charCodeAt(at) === tab)) at++;
  return at - lineStart;
}

/** Whether a line ends as a sentence does. */
function isTerminated(text: string, blockStart: number, lineEnd: number): boolean {
  let last = lineEnd - 1;
  while (last > blockStart && (isSpace(text.charCodeAt(last)) || closers.has(text.charCodeAt(last)))) last--;
  return spacedTerminators.has(text.charCodeAt(last)) || unspacedTerminators.has(text.charCodeAt(last));
}

function afterClosers(text: string, from: number): number {
  let end = from;
  while (end < text.length && (closers.has(text.charCodeAt(end)) || spacedTerminators.has(text.charCodeAt(end)))) end++;
  return end;
}

/** A stop after an initial or an abbreviation, or before a small letter, ends no sentence. */
function continuesAfterStop(text: string, start: number, stop: number, end: number): boolean {
  let next = end;
  while (next < text.length && isSpace(text.charCodeAt(next))) next++;
  if (next < text.length && isLowerAscii(text.charCodeAt(next))) return true;
  let wordStart = stop;
  while (wordStart > start && stop - wordStart < 8 && !isSpace(text.charCodeAt(wordStart - 1))) wordStart--;
  const word = text.slice(wordStart, stop).replace(/^["'([]+/, "");
  return /^\p{Lu}$/u.test(word) || abbreviations.has(word.toLowerCase());
}

/** Cuts at the last clause mark or space before the limit; a run without either is cut between characters. */
function splitLong(text: string, from: number, to: number, spans: Span[]): void {
  let start = from;
  while (to - start > maxSentenceLength) {
    const limit = start + maxSentenceLength;
    let clause = -1;
    let gap = -1;
    for (let at = limit; at > start + minPieceLength; at--) {
      const code = text.charCodeAt(at);
      if (gap < 0 && isSpace(code)) gap = at;
      if (clauseMarks.has(text.charCodeAt(at - 1))) {
        clause = at;
        break;
      }
    }
    const cut = clause > 0 ? clause : gap > 0 ? gap : isLowSurrogate(text.charCodeAt(limit)) ? limit - 1 : limit;
    spans.push({ start, end: cut });
    start = cut;
  }
  if (to > start) spans.push({ start, end: to });
}

const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
