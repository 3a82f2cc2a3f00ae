// Days, months, years and times of day that a question names, as ranges of wall-clock time.
//
// Zones are left out on both sides: who asks for the first of March means what the data writes so.

export interface TimeRange {
  /** Milliseconds, since the epoch or, for a time of day, since midnight; may be infinite. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly isTimeOfDay: boolean;
}

export interface TimesOfQuestion {
  readonly ranges: readonly TimeRange[];
  /** The question with blanks in place of the times: their digits are no numbers to compare with. */
  readonly rest: string;
}

interface Mention extends TimeRange {
  readonly start: number;
  readonly end: number;
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const monthNames =
  "jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?";
const monthStarts = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const foreignMonths: Readonly<Record<string, string>> = { mär: "mar", mai: "may", okt: "oct", dez: "dec" };
const year = "(?<year>(?:19|20)\\d\\d)";
const clock = "(?<hour>[01]?\\d|2[0-3]):(?<minute>[0-5]\\d)(?::(?<second>[0-5]\\d))?";

/** The first that fits at a place is taken. */
const mentionPattern = new RegExp(
  [
    `${year}[-/](?<month>\\d\\d?)(?:[-/](?<day>\\d\\d?)(?:[T ]${clock})?)?(?![-\\d])`,
    `${year}年(?:(?<month>\\d\\d?)月(?:(?<day>\\d\\d?)日)?)?`,
    `\\b(?<day>\\d\\d?)\\.? (?:of )?(?<name>${monthNames})\\.?,? ${year}\\b`,
    `\\b(?<name>${monthNames})\\.? (?:(?<day>\\d\\d?)(?:st|nd|rd|th)?,? )?${year}\\b`,
    `\\b(?<=\\b(?:in|during|since|before|after|until|of|by|im|seit|vor|nach|bis|en|depuis|avant|después de|antes de|в|с|до|после) )${year}\\b(?![-/.:])`,
    `\\b${clock}\\b`,
  ].join("|"),
  "giu",
);

const connects = /^\s*(?:and|to|until|till|through|thru|und|bis|et|à|y|a|al|e|en|и|до|по|[-–—~]|至|到|から|と|부터)\s*$/iu;
const opensAfter = /\b(?:after|later than|nach|après|después de|dopo|na|после)\s*(?:the\s+)?$/iu;
const opensSince = /\b(?:since|from|starting|seit|ab|depuis|desde|dal|vanaf|с)\s*(?:the\s+)?$/iu;
const opensBefore = /\b(?:before|earlier than|prior to|vor|avant|antes de|prima di|voor|до)\s*(?:the\s+)?$/iu;
const opensUntil = /\b(?:until|till|up to|by|bis|jusqu'à|hasta|fino a|tot)\s*(?:the\s+)?$/iu;
const closesAfter = /^\s*(?:以后|之后|以降|より後|이후)/u;
const closesBefore = /^\s*(?:以前|之前|より前|이전)/u;

/** Reads the times of a question; linear in its length. */
export function timesOf(text: string): TimesOfQuestion {
  const mentions = [...text.matchAll(mentionPattern)].flatMap(mentionOf);
  if (mentions.length === 0) return { ranges: [], rest: text };
  const ranges: TimeRange[] = [];
  for (let at = 0; at < mentions.length; at++) {
    const mention = mentions[at] as Mention;
    const next = mentions[at + 1];
    if (next && next.isTimeOfDay === mention.isTimeOfDay && connects.test(text.slice(mention.end, next.start))) {
      ranges.push({ from: mention.from, to: next.to, isTimeOfDay: mention.isTimeOfDay });
      at++;
    } else ranges.push(openedRange(mention, text));
  }
  let rest = "";
  let from = 0;
  for (const { start, end } of mentions) {
    rest += text.slice(from, start) + " ".repeat(end - start);
    from = end;
  }
  return { ranges, rest: rest + text.slice(from) };
}

function mentionOf(match: RegExpExecArray): Mention[] {
  const { year, month, name, day, second } = match.groups ?? {};
  const place = { start: match.index, end: match.index + match[0].length };
  const clock = clockOf(match.groups);
  const moment = second === undefined ? minuteMs : secondMs;
  if (year === undefined) return [{ ...place, from: clock ?? 0, to: (clock ?? 0) + moment, isTimeOfDay: true }];
  const monthAt = month !== undefined ? Number(month) - 1 : name !== undefined ? monthOf(name) : undefined;
  if (monthAt !== undefined && (monthAt < 0 || monthAt > 11)) return [];
  const from = Date.UTC(Number(year), monthAt ?? 0, Number(day ?? 1)) + (clock ?? 0);
  if (clock !== undefined) return [{ ...place, from, to: from + moment, isTimeOfDay: false }];
  if (day !== undefined) return [{ ...place, from, to: from + dayMs, isTimeOfDay: false }];
  const to = monthAt === undefined ? Date.UTC(Number(year) + 1, 0, 1) : Date.UTC(Number(year), monthAt + 1, 1);
  return [{ ...place, from, to, isTimeOfDay: false }];
}

/** Milliseconds since midnight; undefined where no time of day stands. */
const clockOf = ({ hour, minute, second }: Readonly<Record<string, string | undefined>> = {}): number | undefined =>
  hour === undefined ? undefined : Number(hour) * hourMs + Number(minute) * minuteMs + Number(second ?? 0) * secondMs;

function monthOf(name: string): number {
  const start = name.slice(0, 3).toLowerCase();
  return monthStarts.indexOf(foreignMonths[start] ?? start);
}

function openedRange({ from, to, isTimeOfDay, start, end }: Mention, text: string): TimeRange {
  const before = text.slice(Math.max(0, start - 24), start);
  const after = text.slice(end, end + 8);
  if (opensAfter.test(before) || closesAfter.test(after)) return { from: to, to: Number.POSITIVE_INFINITY, isTimeOfDay };
  if (opensSince.test(before)) return { from, to: Number.POSITIVE_INFINITY, isTimeOfDay };
  if (opensBefore.test(before) || closesBefore.test(after)) return { from: Number.NEGATIVE_INFINITY, to: from, isTimeOfDay };
  if (opensUntil.test(before)) return { from: Number.NEGATIVE_INFINITY, to, isTimeOfDay };
  return { from, to, isTimeOfDay };
}

const months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
const stampPattern = new RegExp(
  `(?<year>\\d{4})[-/](?<month>\\d\\d?)[-/](?<day>\\d\\d?)(?:[T ](?<hour>\\d\\d?):(?<minute>\\d\\d)(?::(?<second>\\d\\d))?)?` +
    `|(?<day>\\d\\d?)/(?<name>${months})/(?<year>\\d{4}):(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)` +
    `|(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)`,
);

/** Whether a timestamp, or the first one in a line, lies in one of the ranges; undefined when it holds none to tell by. */
export function isInRanges(text: string, ranges: readonly TimeRange[]): boolean | undefined {
  const stamp = stampPattern.exec(text)?.groups;
  if (!stamp) return undefined;
  const { year, month, name, day } = stamp;
  const ofDay = clockOf(stamp);
  const monthAt = month === undefined ? monthOf(name ?? "") : Number(month) - 1;
  const whole = year === undefined ? undefined : Date.UTC(Number(year), monthAt, Number(day)) + (ofDay ?? 0);
  let known: boolean | undefined;
  for (const { from, to, isTimeOfDay } of ranges) {
    const value = isTimeOfDay ? ofDay : whole;
    if (value === undefined) continue;
    if (value >= from && value < to) return true;
    known = false;
  }
  return known;
}
