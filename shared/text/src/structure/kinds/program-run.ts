// Output of test runners, compilers and package managers: a failure's report is one unit, from its first line to its last.
import { endOfFailure, failureOf } from "../failure.ts";
import { firstLinesOf, type Lines } from "../lines.ts";
import { isTimed } from "../log-event.ts";
import { recordPatternOf } from "../record-pattern.ts";
import { longestWhole, recordSectionsOf } from "../record-sections.ts";
import type { TextKind, TextSample } from "../text-kind.ts";
import type { UnitBuilder } from "../unit-builder.ts";

/** Lines that tell of progress or sum up, whatever ran. */
const status =
  /^\s*(?:PASS(?:ED)?|Passed|Skipped|Pending|ok|FAIL|FAILED|SKIP(?:PED)?|RUNS?|✓|✔|√|·|○|⎯{3,}|Compiling|Checking|Downloading|Downloaded|Building|Finished|Running|Installing|Collecting|Fetching|Resolving|Linking|Restored|Test Suites?:|Test Files|Tests?:|Tests\s+\d|Snapshots?:|Time:|Duration|Start at|Ran all|test result:|test \S+ \.\.\.|=== (?:RUN|PAUSE|CONT|NAME)|--- (?:PASS|SKIP)|\[INFO\]|\[WARNING\]|> Task|\[\d+\/\d+\]|\[ *\d+%\]|\d+%|Get:|Hit:|Reading |Unpacking |Setting up |npm (?:warn|notice|http)|#\d+ (?! |0x))/;
const passed = /^\s*(?:PASS(?:ED)?\b|Passed\b|ok\b|✓|✔|√|--- PASS|test \S+ \.\.\. ok)/;
const rule = /^(?:=|-|_){10,}|^={3,} .+ ={3,}$/;
/** One of them stands in every report of a failure: looked for before the lines are. */
const cues = [
  "rror",
  "ERR",
  "FAIL",
  "ail",
  "not ok",
  "●",
  "✖",
  "✗",
  "×",
  "Traceback",
  "panic",
  "╷",
  "1) ",
  ":1",
  ":2",
  ":3",
  ":4",
  ":5",
  ":6",
  ":7",
  ":8",
  ":9",
];
/** Any of these stands in the output of a run that failed; a time of day is no place in a file. */
const failing =
  /^(?:[ \t]*(?:FAIL\s|●\s|not ok \d|--- FAIL|✖|✗|×\s|│ Error)|_{3,} .+ _{3,}$|FAILED |error(?:\[|:)|E {2,}|npm ERR!|npm error|\[ERROR\]|FAILURE:|Traceback |panic: |╷|[ \t]*\d{1,9}\) \S|\S{1,160}:\d{1,9}(?::\d{1,9})?:? (?:fatal )?error\b)/m;
/** A place in a file with what was found there. */
const placed = /^.{0,160}[^\d\n][:(]\d{1,9}(?:[:,]\d{1,9})?\)?(?::| -)\s*\S/m;
/** First words that begin the lines of frames and of what was expected, however often. */
const frameWord = /^(?:at|\||│|-->|=|\+|-|[<>^~]+|\d+|Expected:?|Received:?|File|E|note:|#)$/;

export const programRun: TextKind = {
  name: "program-run",
  matches: (sample) => {
    const { heads, share, count } = sample;
    if (heads.length < 6 || share(/^#{1,6} |^[-*] /) > 0.3 || heads.filter(isTimed).length >= 0.5 * heads.length) return false;
    const progress = share(status) + share(rule);
    if (progress >= 0.6) return true;
    if (!cues.some((cue) => sample.text.includes(cue))) return false;
    const hasFailed = failing.test(sample.text);
    if (!hasFailed && !placed.test(sample.text)) return false;
    const isOrdinary = ordinaryIn(sample);
    const found = heads.filter((head) => failing.test(head) || placed.test(head)).length / heads.length;
    const isDump = count(/^goroutine \d+ \[/) >= 3;
    if ((!hasFailed || isDump) && progress < 0.3 && found < 0.1 && recordPatternOf(sample.lines)) return false;
    const ordinary = heads.filter(isOrdinary).length;
    return ordinary >= 0.4 * heads.length || found + progress >= 0.3;
  },
  read: (lines, units, sample) => {
    const isOrdinary = ordinaryIn(sample);
    // Between reports stand many tests that passed, and belong to none of them.
    const sections = sample.share(passed) < 0.4 ? recordSectionsOf(lines) : undefined;
    if (sections === undefined) {
      readRun(lines, units, 0, lines.count, isOrdinary);
      return;
    }
    readRun(lines, units, 0, sections.first, isOrdinary);
    for (let line = sections.first; line < lines.count; ) {
      const end = sections.endOf(line);
      readRecord(lines, units, line, end, sections.nameOf(line, end), isOrdinary);
      line = end;
    }
  },
};

/** Above the sections of a run. */
const recordLevel = -1;

/** What a run says about one of many tests, files or targets. */
function readRecord(lines: Lines, units: UnitBuilder, from: number, end: number, label: string, isOrdinary: IsOrdinary): void {
  const start = lines.start(from);
  const failure = failureOf(lines, from);
  const isReport =
    failure !== undefined && endOfFailure(firstLinesOf(lines, end), from, failure, (head) => isOrdinary(head)) >= end;
  if (isReport || lines.start(end) - start <= longestWhole) {
    let hasFailed = failure !== undefined;
    for (let line = from + 1; line < end && !hasFailed; line++) hasFailed = failureOf(lines, line) !== undefined;
    units.add(start, hasFailed ? "failure" : "record", recordLevel);
    return;
  }
  units.open(start, "section", { level: recordLevel, label });
  readRun(lines, units, from + 1, end, isOrdinary);
}

type IsOrdinary = (head: string) => boolean;

/** Reads the lines from `from` to below `to`. */
function readRun(text: Lines, units: UnitBuilder, from: number, to: number, isOrdinary: IsOrdinary): void {
  const lines = firstLinesOf(text, to);
  const heading = headingsOf(lines);
  let line = from;
  while (line < to) {
    const start = lines.start(line);
    if (lines.isBlank(line) && line > 0) {
      line++;
      continue;
    }
    if (heading(line)) {
      units.open(start, "section", { level: 0, label: lines.head(line).trim() });
      line++;
      continue;
    }
    const named = lineAfterIncludes(lines, line);
    const shape = failureOf(lines, named);
    if (shape === undefined) {
      units.add(start, "line", rule.test(lines.head(line)) || status.test(lines.head(line)) ? 0 : undefined);
      line++;
      continue;
    }
    const end = endOfFailure(lines, named, shape, (head, at) => isOrdinary(head) || heading(at) || included.test(head));
    units.add(start, isWarning.test(lines.head(named)) ? "line" : "failure");
    line = end;
  }
}

/** How a compiler came to the header in which it found something. */
const included = /^In file included from /;

function lineAfterIncludes(lines: Lines, from: number): number {
  if (!included.test(lines.head(from))) return from;
  let line = from + 1;
  while (line < lines.count && /^\s+from \S/.test(lines.head(line))) line++;
  return line < lines.count ? line : from;
}

const isWarning = /^\s*(?:warning\b|\[WARNING\])/i;

/** `FAIL path` above the reports of its tests, `=== FAILURES ===`, `# package` above its errors. */
function headingsOf(lines: Lines): (line: number) => boolean {
  return (line) => {
    const head = lines.head(line);
    if (/^={3,} .+ ={3,}$/.test(head)) return true;
    // `************* Module name` above what pylint found there.
    if (/^(?:\*{5,}|>{3,}) \w/.test(head)) return true;
    // The package that errors of a build in Go belong to.
    if (/^# [\w./-]+$|^[^\s:]+: (?:In|At) .+:$/.test(head)) return /^\S+:\d+/.test(lines.head(line + 1));
    if (/^(?:Failures|Errors|FAILURES|ERRORS|failures):\s*$/.test(head)) return true;
    if (!/^\s*FAIL\s+\S/.test(head)) return false;
    let next = line + 1;
    while (next < lines.count && next < line + 3 && lines.isBlank(next)) next++;
    return /^\s*●\s/.test(lines.head(next));
  };
}

/** Whether a line belongs to a run's ordinary progress: by what runners print, or because many lines begin or look alike. */
function ordinaryIn({ heads }: TextSample): (head: string) => boolean {
  const words = frequent(heads.map(firstWord), 1 / 12);
  const shapes = frequent(heads.map(shapeOf), 1 / 5);
  return (head) =>
    status.test(head) || rule.test(head) || (!/^\s/.test(head) && (words.has(firstWord(head)) || shapes.has(shapeOf(head))));
}

/** The first word, unless it is one of those that frames and comparisons begin with, however often; `> building` counts. */
function firstWord(head: string): string {
  const word = /^\s*(\S{1,24})/.exec(head)?.[1] ?? "";
  return word === ">" || !frameWord.test(word) ? word : "";
}

/** What is left of a line without its words and numbers. */
const shapeOf = (head: string): string => head.slice(0, 120).replace(/[\p{L}\p{N}_./\\@-]+/gu, "w");

function frequent(keys: readonly string[], share: number): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const key of keys) if (key !== "") counts.set(key, (counts.get(key) ?? 0) + 1);
  const least = Math.max(4, keys.length * share);
  return new Set([...counts].flatMap(([key, count]) => (count >= least ? [key] : [])));
}
