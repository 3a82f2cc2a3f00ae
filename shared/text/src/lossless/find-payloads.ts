// Finds binary data written as text: base64 and its URL-safe form, on one line or wrapped (PEM, MIME), and hexadecimal digits.

/**
 * UTF-16 units. Random base64 of 60 characters takes as many tokens (o200k_base) as a reference with its legend; shorter than
 * this are digests and most keys, which a text may be about.
 */
const shortestPayload = 256;
const shortestLine = 40;
const longestLine = 128;

export interface PayloadSpan {
  readonly start: number;
  readonly end: number;
}

/** Spans in order, none within another. Linear in the text. */
export function findPayloads(text: string): PayloadSpan[] {
  const spans: PayloadSpan[] = [];
  if (text.length < shortestPayload) return spans;
  for (let run = runFrom(text, 0); run !== undefined; ) {
    const span = wrappedFrom(text, run) ?? run;
    if (span.end - span.start >= shortestPayload && isBinary(text, span)) spans.push(span);
    // Whatever it is: lines that were read as one are not read again.
    run = runFrom(text, span.end);
  }
  return spans;
}

/**
 * The first run of at least 40 characters from there on, with what it is filled up with. Not by a pattern: one that repeats a
 * class has no stack left after some ten million characters.
 */
function runFrom(text: string, from: number): PayloadSpan | undefined {
  let behind = from;
  for (let probe = from + shortestLine - 1; probe < text.length; probe += shortestLine) {
    if (kindOf(text.charCodeAt(probe)) === other) {
      behind = probe + 1;
      continue;
    }
    let start = probe;
    while (start > behind && kindOf(text.charCodeAt(start - 1)) !== other) start--;
    let end = probe + 1;
    while (end < text.length && kindOf(text.charCodeAt(end)) !== other) end++;
    if (end - start >= shortestLine) return { start, end: end + fillingAt(text, end) };
    behind = end;
    probe = end - 1;
  }
  return undefined;
}

/** Base64 ends with up to two `=`. */
const fillingAt = (text: string, at: number): number => (text[at] === "=" ? (text[at + 1] === "=" ? 2 : 1) : 0);

/** Behind what is certainly base64, wherever the lines break. */
const encodedPrefix = ";base64,";
const mimeEncoding = /content-transfer-encoding:\s{0,8}base64/i;
const lookBehind = 300;

/** Whether what stands before says that base64 follows. */
function isAnnounced(text: string, start: number): boolean {
  if (text.startsWith(encodedPrefix, start - encodedPrefix.length)) return true;
  const before = text.slice(Math.max(0, start - lookBehind), start);
  return before.lastIndexOf("-----BEGIN ") > before.lastIndexOf("-----END ") || mimeEncoding.test(before);
}

const lineBreak = /\r?\n[ \t]{0,64}/y;
/** One more than there may be shows that a line is too long. */
const fullLine = /[A-Za-z0-9+/]{1,129}={0,2}/y;

/** What `base64` and MIME break at; lines as long as PEM's 64 may as well be digests, one below the other. */
const unannouncedWidth = 76;
/** What `xxd -p` breaks at; no digest has so many digits. */
const hexWidth = 60;

/** The lines of one length from this one on, and a shorter one behind them; undefined where they are not one text. */
function wrappedFrom(text: string, first: PayloadSpan): PayloadSpan | undefined {
  const width = first.end - first.start;
  if (width < shortestLine || width > longestLine || width % 4 !== 0) return undefined;
  const separator = matchAt(lineBreak, text, first.end);
  if (separator === undefined) return undefined;
  const line = text.slice(first.start, first.end);
  if (!/^[A-Za-z0-9+/]+$/.test(line)) return undefined;
  const isUsual = isHex(line) ? width === hexWidth : width === unannouncedWidth || isAnnounced(text, first.start);
  if (!isUsual) return undefined;
  let { end } = first;
  while (text.startsWith(separator, end)) {
    const start = end + separator.length;
    const next = matchAt(fullLine, text, start);
    if (next === undefined || next.length > width || !endsLine(text, start + next.length)) break;
    const isLast = next.length < width || next.endsWith("=");
    if (isLast && !mayEnd(next)) break;
    end = start + next.length;
    if (isLast) break;
  }
  return end === first.end ? undefined : { start: first.start, end };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** A line that does not end there is a line of something else. */
const endsLine = (text: string, at: number): boolean => at === text.length || text[at] === "\n" || text[at] === "\r";

/** Base64 ends with whole groups of four, and a word of letters begins the next paragraph. */
const mayEnd = (line: string): boolean => line.length % 4 === 0 && (line.endsWith("=") || /[0-9+/]/.test(line));

const isHex = (run: string): boolean => /^(?:0x)?(?:[0-9a-f]+|[0-9A-F]+)$/.test(run) && /[0-9]/.test(run) && /[a-f]/i.test(run);

/** What files begin with: PNG, JPEG, GIF, PDF, ZIP, gzip, RIFF. They may be full of zeros, which look like no base64. */
const fileBeginnings = ["iVBORw0KGgo", "/9j/", "R0lGOD", "JVBERi0", "UEsDB", "H4sI", "UklGR"];

/** Random base64 changes between capitals, small letters, digits and signs at .6 of all places; words and paths at .4 and less. */
const leastChanges = 0.5;
const leastDigits = 0.05;
/** Of the 64 there are; a name that repeats itself has fewer. */
const leastDistinct = 16;

function isBinary(text: string, span: PayloadSpan): boolean {
  const profile = profileOf(text, span);
  const { length, digits, changes, distinct } = profile;
  if (isHexProfile(profile)) return true;
  if (profile.hasSigns && profile.hasUrlSigns) return false;
  if (isAnnounced(text, span.start) || fileBeginnings.some((beginning) => text.startsWith(beginning, span.start))) return true;
  return distinct >= leastDistinct && changes >= leastChanges * length && digits >= leastDigits * length;
}

/** What is in a span, its white space left out. */
interface Profile {
  readonly length: number;
  readonly digits: number;
  /** Places where another kind of character follows. */
  readonly changes: number;
  readonly distinct: number;
  /** Small letters and capitals that are hexadecimal digits. */
  readonly smallHex: number;
  readonly capitalHex: number;
  /** `+` or `/`; `-` or `_`. */
  readonly hasSigns: boolean;
  readonly hasUrlSigns: boolean;
  readonly isPrefixed: boolean;
}

function profileOf(text: string, { start, end }: PayloadSpan): Profile {
  const counts = new Uint32Array(128);
  let length = 0;
  let changes = 0;
  let previous = -1;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code <= 32) continue;
    counts[code] = (counts[code] ?? 0) + 1;
    length++;
    const kind = kindOf(code);
    if (kind !== previous && previous !== -1) changes++;
    previous = kind;
  }
  const sum = (characters: string): number =>
    [...characters].reduce((total, character) => total + (counts[character.charCodeAt(0)] ?? 0), 0);
  return {
    ...{ length, changes, digits: sum("0123456789"), smallHex: sum("abcdef"), capitalHex: sum("ABCDEF") },
    ...{ hasSigns: sum("+/") > 0, hasUrlSigns: sum("-_") > 0, isPrefixed: text.startsWith("0x", start) },
    distinct: counts.filter((count) => count > 0).length,
  };
}

/** Digits of one case, with or without a prefix; numbers alone and words alone are something else. */
function isHexProfile({ length, digits, smallHex, capitalHex, isPrefixed }: Profile): boolean {
  const prefix = isPrefixed ? 1 : 0;
  return digits > prefix && [smallHex, capitalHex].some((letters) => letters > 0 && digits + letters + prefix === length);
}

const [digit, capital, small, sign, other] = [0, 1, 2, 3, 4];

const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[0-9]/.test(character)) return digit;
  if (/[A-Z]/.test(character)) return capital;
  if (/[a-z]/.test(character)) return small;
  return /[+/_-]/.test(character) ? sign : other;
});

const kindOf = (code: number): number => kinds[code] ?? other;
