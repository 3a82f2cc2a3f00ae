// Logs: an event with the lines that go on from it, such as a stack trace, is one unit.
import { endOfFailure, failureOf } from "../failure.ts";
import { hasLevel, isEvent } from "../log-event.ts";
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
  read: (lines, units) => {
    let line = 0;
    while (line < lines.count) {
      const start = lines.start(line);
      let next = line + 1;
      const step = stepOf(lines.head(line));
      if (step !== undefined) {
        units.open(start, "section", { level: 0, label: step });
        line = next;
        continue;
      }
      const opensEvent = isEvent(lines.head(line));
      const failure = opensEvent ? undefined : failureOf(lines, line);
      if (failure !== undefined) next = endOfFailure(lines, line, failure, isEvent);
      // What goes on from an event belongs to it, however long.
      while (
        next < lines.count &&
        !isEvent(lines.head(next)) &&
        (continues(lines.head(next)) || next === line + 1 || lines.isBlank(next))
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

const continuation = /^(?:\s|Caused by|at |Traceback|During handling|\.\.\. \d+ more|\}|\]|\))/;
const continues = (head: string): boolean => continuation.test(head) || /^[\w.$]+(?:Exception|Error)\b/.test(head);
const alarm = /^.{0,80}?\b(?:ERROR|FATAL|CRITICAL|SEVERE|PANIC|EMERG|ALERT)\b/;
const hasLevels = (heads: readonly string[]): boolean => heads.filter(hasLevel).length >= 0.3 * heads.length;
