// Subtitles (SRT, WebVTT): a cue is one unit, with its number and its times.
import type { TextKind } from "../text-kind.ts";

const times = /^\s*(?:\d{1,2}:)?\d\d:\d\d[.,]\d{1,3}\s*-->\s*(?:\d{1,2}:)?\d\d:\d\d[.,]\d{1,3}/;

export const subtitles: TextKind = {
  name: "subtitles",
  matches: ({ text, count }) => text.includes("-->") && count(times) >= 3,
  read: (lines, units) => {
    for (let line = 0; line < lines.count; line++) {
      const isNumbered = /^\d+$/.test(lines.head(line).trim()) && times.test(lines.head(line + 1));
      if (isNumbered || (times.test(lines.head(line)) && units.current() === undefined)) units.add(lines.start(line++), "turn");
      else if (times.test(lines.head(line)) && !/^\d+$/.test(lines.head(line - 1).trim())) units.add(lines.start(line), "turn");
      else if (line === 0) units.add(0, "prose");
    }
  },
};
