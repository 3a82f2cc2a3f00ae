// Where a failure's report begins in the output of test runners, compilers and package managers, and where it ends.
import { firstMark, type Lines } from "./lines.ts";

/**
 * `paragraph`: to the next blank line. `indented`: lines that are indented or blank. `repeated`: lines that begin alike.
 * `report`: to the next line of the run's ordinary progress, or the next failure. `framed`: to the frame's end.
 */
export type FailureShape = "report" | "indented" | "paragraph" | "repeated" | "framed" | "traceback";

/** An expression, the shape of the report that begins so, and the characters that it can begin with behind blanks; all without. */
type ShapeOpening = readonly [opening: RegExp, shape: FailureShape, marks?: string];

const shapes: readonly ShapeOpening[] = [
  // Jest, Vitest: `● suite › test`, `FAIL  src/a.test.ts > suite > test`; TAP and Node: `not ok 3 - name`, `✖ name`.
  [/^\s*●\s+\S/, "report", "●"],
  [/^\s*(?:❯|×|✗|✘|✖)\s+\S.*$/, "report", "❯×✗✘✖"],
  [/^\s*FAIL\s+\S/, "report", "F"],
  [/^\s*not ok \d+/, "report", "n"],
  // pytest: a section of one test, and the summary's lines.
  [/^_{3,} .+ _{3,}$/, "report", "_"],
  [/^(?:FAILED|ERROR) \S+(?:::| - )/, "indented", "FE"],
  [/^E {2,}\S/, "repeated", "E"],
  // Go: `--- FAIL: TestTotal (0.00s)`, `panic: …`, `./a.go:3:4: undefined: x`.
  [/^\s*--- FAIL: /, "indented", "-"],
  [/^panic: /, "report", "p"],
  // Rust, Elm, Swift: `error[E0382]: …` with its frame of source; libtest: `---- name stdout ----`.
  [/^(?:error|warning)(?:\[[A-Z]\d+\])?: /, "paragraph", "ew"],
  [/^---- .+ ----$/, "report", "-"],
  [/^thread '.+' (?:\(\d+\) )?panicked at/, "paragraph", "t"],
  // TypeScript, C, C++, Go, Swift, Java, C#: a place, then what is wrong there.
  [/^\s*\S[^:\n]*?[:(]\d+(?:[:,]\d+)?\)?(?::| -)\s*(?:fatal |internal )?error\b/i, "report"],
  [/^\s*(?:\.{0,2}\/|[A-Z]:\\)?[\w@./\\-]+\.\w{1,6}[:(]\d+(?:[:,]\d+)?\)?\s*(?::|-)\s*\S/, "report"],
  // Maven, Gradle, sbt.
  [/^\[ERROR\]|^\[error\]/, "repeated", "["],
  [/^FAILURE: /, "report", "F"],
  [/^\* What went wrong:/, "paragraph", "*"],
  [/^(?:> Task :\S+|.+ > .+) FAILED\s*$/, "indented"],
  // dotnet: `  Failed Total [12 ms]`; RSpec, minitest, PHPUnit, Mocha: `  1) Cart adds`.
  [/^\s*Failed \S+.*(?:\[[\d,.]+ m?s\]|\()?/, "report", "F"],
  [/^\s{0,4}\d+\) \S/, "report", "0123456789"],
  // Terraform and npm, pnpm, yarn, pip, apt.
  [/^╷/, "framed", "╷"],
  [/^\s*│?\s*Error: /, "report", "│E"],
  [/^(?:npm (?:ERR!|error)| ?ERR_PNPM|error Command|➤ YN\d{4}: .*(?:Error|failed)|E: )/, "repeated", "nEe➤"],
  [/^ERROR: /, "repeated", "E"],
  // Interpreters.
  [/^\s*Traceback \(most recent call last\):/, "traceback", "T"],
  [/^(?:Exception in thread|Unhandled exception|Uncaught |(?:[\w$]+\.)*[A-Z]\w*(?:Exception|Error)\b)/, "indented"],
  [/^(?:make(?:\[\d+\])?: \*\*\*|ninja: build stopped|collect2: error|ld: )/, "indented", "mncl"],
];

/** Those that a line can have by its first character: asking for all of them at every line takes longer than all other reading. */
const shapesOf = new Map<number, readonly ShapeOpening[]>();
for (const character of shapes.flatMap(([, , marks = ""]) => [...marks]))
  shapesOf.set(
    character.charCodeAt(0),
    shapes.filter(([, , marks]) => marks === undefined || marks.includes(character)),
  );
const shapesOfOthers = shapes.filter(([, , marks]) => marks === undefined);

export interface FailureStart {
  readonly shape: FailureShape;
  /** What told it from other lines, such as `npm error`. */
  readonly opening: string;
}

/** The failure that a line begins; undefined for any other line. */
export function failureOf(lines: Lines, line: number): FailureStart | undefined {
  const head = lines.head(line);
  const first = firstMark(head);
  // Nothing to look up for a blank line.
  if (Number.isNaN(first)) return undefined;
  if (/\b(?:ERROR|CRITICAL|FATAL)\b/.test(head) && traceback.test(lines.head(line + 1)))
    return { shape: "traceback", opening: head };
  for (const [pattern, shape] of shapesOf.get(first) ?? shapesOfOthers) {
    const opening = pattern.exec(head)?.[0];
    if (opening !== undefined) return { shape, opening };
  }
  return undefined;
}

/** Reports longer than this are cut there. */
const longestFailure = 200;

/** @returns the line after the last one of the failure. */
export function endOfFailure(
  lines: Lines,
  from: number,
  { shape, opening }: FailureStart,
  isOrdinary: (head: string, line: number) => boolean,
): number {
  const limit = Math.min(lines.count, from + longestFailure);
  if (shape === "traceback") return endOfTraceback(lines, from, limit);
  const place = /[:(](\d+)[:,]/.exec(opening)?.[1];
  let line = from + 1;
  for (; line < limit; line++) {
    const head = lines.head(line);
    // The line of source that the report names, behind its number.
    if (place !== undefined && shape === "report" && head.trimStart().startsWith(`${place} `)) continue;
    if (shape === "framed") {
      if (head.startsWith("╵")) return line + 1;
    } else if (lines.isBlank(line)) {
      if (shape === "paragraph" || shape === "repeated") break;
    } else if (shape === "repeated") {
      if (!head.startsWith(opening) && !/^\s/.test(head)) break;
    } else if (shape === "indented") {
      if (!/^\s|^Caused by/.test(head)) break;
      if (failureOf(lines, line)?.shape === "indented" && lines.indent(line) <= lines.indent(from)) break;
    } else if (isOrdinary(head, line) || isNextReport(lines, line, from)) break;
  }
  return line;
}

const traceback = /^\s*Traceback \(most recent call last\):/;
const chained = /^(?:During handling of the above exception|The above exception was the direct cause)/;

/** The exception stands in the last line, flush with the first; those that it was raised from belong to it. */
function endOfTraceback(lines: Lines, from: number, limit: number): number {
  let line = traceback.test(lines.head(from)) ? from + 1 : from + 2;
  while (line < limit) {
    while (line < limit && (/^\s+\S/.test(lines.head(line)) || (lines.isBlank(line) && /^\s+\S/.test(lines.head(line + 1)))))
      line++;
    if (line >= limit || lines.isBlank(line)) return line;
    const next = line + 2;
    if (!lines.isBlank(line + 1) || !chained.test(lines.head(next)) || !traceback.test(lines.head(next + 2))) return line + 1;
    line = next + 3;
  }
  return limit;
}

/** Whether another report of the same sort begins: at the same depth or above. */
function isNextReport(lines: Lines, line: number, from: number): boolean {
  return (
    failureOf(lines, line)?.shape === "report" &&
    !/\bnote:/.test(lines.head(line)) &&
    lines.indent(line) <= lines.indent(from) &&
    opensAlike(lines.head(line), lines.head(from))
  );
}

const opensAlike = (a: string, b: string): boolean => kindOfOpening(a) === kindOfOpening(b) || /^\s*FAIL\s/.test(a);
const kindOfOpening = (head: string): string =>
  head
    .trimStart()
    .replace(/[\w./\\-]+/g, "w")
    .slice(0, 2);
