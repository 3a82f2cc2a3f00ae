// Logs: an event with the lines that go on from it, such as a stack trace, is one unit.
import { endOfFailure, failureOf } from "../failure.ts";
import type { Lines } from "../lines.ts";
import { hasLevel, isEvent } from "../log-event.ts";
import { recordSectionsOf } from "../record-sections.ts";
import type { TextKind } from "../text-kind.ts";

export const log: TextKind = {
  name: "log",
  matches: ({ heads, share, count, lines }) => {
    if (heads.length < 6 || share(/^(?:\[?\(?\d{1,2}:\d\d(?::\d\d)?\)?\]?)\s*[-–]?\s*<?[\p{Lu}@][^:>]{1,40}[:>]\s/u) > 0.4)
      return false;
    const events = heads.filter(isEvent).length;
    if (events >= 0.5 * heads.length) return count(/^[^,;\t]*(?:[,;\t][^,;\t]*){3,}$/) < 0.9 * heads.length || hasLevels(heads);
    // Few events with long stack traces.
    return (
      events >= 3 &&
      isEvent(lines.head(0)) &&
      heads.every((head) => isEvent(head) || continuation.test(head) || /^\S+(?:Exception|Error)\b/.test(head))
    );
  },
  read: (lines, units, { heads }) => {
    const hasMoments = heads.some((head) => moment.test(head));
    const others = heads.filter((head) => !isEvent(head) && !continues(head)).length;
    const nameAt = others < fewestNames ? () => undefined : namesAmong(lines);
    let line = 0;
    while (line < lines.count) {
      const start = lines.start(line);
      let next = line + 1;
      const step = stepOf(lines.head(line)) ?? nameAt(line);
      if (step !== undefined) {
        units.open(start, "section", { level: 0, label: step });
        line = next;
        continue;
      }
      const opensEvent = isEvent(lines.head(line));
      const failure = opensEvent ? undefined : failureOf(lines, line);
      if (failure !== undefined) next = endOfFailure(lines, line, failure, isEvent);
      const isSameMoment = hasMoments ? momentOf(lines.head(line)) : never;
      // What goes on from an event belongs to it, however long.
      while (
        next < lines.count &&
        nameAt(next) === undefined &&
        (isEvent(lines.head(next))
          ? isSameMoment(lines.head(next))
          : continues(lines.head(next)) || next === line + 1 || lines.isBlank(next))
      )
        next++;
      // Whether an event reports a failure counts where something goes on from it.
      const isFailure = next > line + 1 && (opensEvent ? failureOf(lines, line) : failure) !== undefined;
      const isAlarm = isFailure || alarm.test(lines.head(line));
      units.add(start, isAlarm ? "failure" : "record");
      line = next;
    }
  },
};

/** A step of a build as GitHub, Azure and GitLab mark it: what follows up to the next one belongs to it. */
const stepOf = (head: string): string | undefined =>
  /(?:##\[(?:group|section)\]|::group::)\s*(\S.{0,160})/.exec(head)?.[1] ?? /section_start:\d+:([\w.-]{1,120})/.exec(head)?.[1];

/** Time with its fraction and a process, up to the name of what the line holds: `2026-03-02 10:00:00.412 CET [77] app ERROR:` */
const moment = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d{3,9}[^[(\n]{0,20}[[(]\d{1,9}[\])].{0,60}?)\b([A-Z]{3,12}):/;

const never = (): boolean => false;

/** Whether a line tells more of an event: at the same moment in the same process, under a name that the event has not had. */
function momentOf(head: string): (next: string) => boolean {
  const [, when, first] = moment.exec(head) ?? [];
  if (when === undefined) return never;
  const names = new Set([first]);
  return (next) => {
    if (!next.startsWith(when)) return false;
    const [, own, name] = moment.exec(next) ?? [];
    if (own !== when || names.has(name)) return false;
    names.add(name);
    return true;
  };
}

const fewestNames = 3;

/** Where events come in parts, each under a line that is no event, such as the command that printed them. */
function namesAmong(lines: Lines): (line: number) => string | undefined {
  const sections = recordSectionsOf(lines);
  if (sections === undefined || isEvent(lines.head(sections.first)) || continues(lines.head(sections.first)))
    return () => undefined;
  return (line) => (sections.begins(line) && !isEvent(lines.head(line)) ? lines.head(line).trim() : undefined);
}

const continuation = /^(?:\s|Caused by|at |Traceback|During handling|\.\.\. \d+ more|\}|\]|\))/;
const continues = (head: string): boolean => continuation.test(head) || /^[\w.$]+(?:Exception|Error)\b/.test(head);
const alarm = /^.{0,80}?\b(?:ERROR|FATAL|CRITICAL|SEVERE|PANIC|EMERG|ALERT)\b/;
const hasLevels = (heads: readonly string[]): boolean => heads.filter(hasLevel).length >= 0.3 * heads.length;
