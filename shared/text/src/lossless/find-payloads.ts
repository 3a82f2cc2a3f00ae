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

const runPattern = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{40,}={0,2}/g;

/** Spans in order, none within another. Linear in the text. */
export function findPayloads(text: string): PayloadSpan[] {
  const spans: PayloadSpan[] = [];
  if (text.length < shortestPayload) return spans;
  let passed = 0;
  for (const { 0: run, index: start } of text.matchAll(runPattern)) {
    if (start < passed) continue;
    const single = { start, end: start + run.length };
    const span = wrappedFrom(text, single) ?? single;
    // Whatever it is: lines that were read as one are not read again.
    passed = span.end;
    if (span.end - start >= shortestPayload && isBinary(text, span, run)) spans.push(span);
  }
  return spans;
}

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
const fullLine = /[A-Za-z0-9+/]+={0,2}/y;

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

function isBinary(text: string, { start, end }: PayloadSpan, firstLine: string): boolean {
  const characters = text.slice(start, end).replace(/\s+/g, "");
  if (isHex(characters)) return true;
  if (/[+/]/.test(characters) && /[-_]/.test(characters)) return false;
  if (isAnnounced(text, start) || fileBeginnings.some((beginning) => firstLine.startsWith(beginning))) return true;
  if (new Set(characters).size < leastDistinct) return false;
  let changes = 0;
  let digits = 0;
  let previous = -1;
  for (let at = 0; at < characters.length; at++) {
    const kind = kindOf(characters.charCodeAt(at));
    if (kind === digit) digits++;
    if (kind !== previous && previous !== -1) changes++;
    previous = kind;
  }
  return changes >= leastChanges * characters.length && digits >= leastDigits * characters.length;
}

const [digit, capital, small, sign] = [0, 1, 2, 3];

function kindOf(code: number): number {
  if (code >= 48 && code <= 57) return digit;
  if (code >= 65 && code <= 90) return capital;
  return code >= 97 && code <= 122 ? small : sign;
}
