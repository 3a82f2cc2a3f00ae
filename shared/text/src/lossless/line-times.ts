// Lines that begin with times at one distance, as a poller or a scheduler writes them: the rule stands once.
//
//   2026-05-01T10:00:00Z +60s     the first line's time; each line is a minute behind the one before
//   @2026-05-01T10:25:00Z         the time of the next line, every so many lines: nobody has to count far
import { clockOf, timeOf, timePattern } from "./clock.ts";

const startingTime = new RegExp(`^${timePattern}`);
const anchorEvery = 25;

/** A time in full, which belongs to the next line. */
export const isAnchor = (line: string): boolean => line.startsWith("@");

/** @returns what `readTimes` reads; undefined where a line begins with no time, or with one that no rule gives. */
export function writeTimes(lines: readonly string[]): string[] | undefined {
  if (lines.length < anchorEvery) return undefined;
  const times: string[] = [];
  for (const line of lines) {
    const [time] = startingTime.exec(line) ?? [];
    if (time === undefined || isAnchor(line.slice(time.length))) return undefined;
    times.push(time);
  }
  const clock = clockOf(times);
  if (clock === undefined) return undefined;
  const rests = lines.flatMap((line, row) => {
    const time = times[row] as string;
    const rest = line.slice(time.length);
    return row > 0 && row % anchorEvery === 0 ? [`@${time}`, rest] : [rest];
  });
  return [`${clock.start} ${clock.stepSeconds < 0 ? "" : "+"}${clock.stepSeconds}s`, ...rests];
}

const header = new RegExp(`^(${timePattern}) ([+-]\\d+(?:\\.\\d+)?)s$`);

/** The inverse of `writeTimes`. @throws SyntaxError */
export function readTimes([rule = "", ...lines]: readonly string[]): string[] {
  const [, start, step] = header.exec(rule) ?? [];
  if (start === undefined) throw new SyntaxError(`no rule of times: ${rule.slice(0, 40)}`);
  const clock = { start, stepSeconds: Number(step) };
  return lines.filter((line) => !isAnchor(line)).map((line, row) => timeOf(clock, row) + line);
}
