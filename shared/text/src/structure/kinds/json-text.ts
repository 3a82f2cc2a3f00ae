// JSON over several lines: a line stands below the keys around it, an object of a list below what names it.
import type { Lines } from "../lines.ts";
import { longestWhole } from "../record-sections.ts";
import type { TextKind } from "../text-kind.ts";

const opening = /^\s*(?:"(?:[^"\\]|\\.){0,120}"\s*:\s*)?[{[]\s*$/;
const closing = /^\s*[}\]][}\]\s,]*$/;
const value = /^\s*(?:"(?:[^"\\]|\\.){0,120}"\s*:\s*)?(?:"|-?\d|true|false|null|\{.*\}|\[.*\]).*$/;
const naming = /^\s*"(name|id|key|title|path|type)"\s*:\s*("[^"]{1,80}"|\d+),?\s*$/i;
/** What people call it says more than a number or a kind. */
const isOwnName = (key: string): boolean => /^(?:name|title)$/i.test(key);

export const jsonText: TextKind = {
  name: "json-text",
  names: /\.(?:json|ipynb|geojson|har)$/,
  matches: ({ heads, share, count }) =>
    heads.length >= 6 &&
    /^\s*[{[]\s*$/.test(heads[0] ?? "") &&
    count(/^\s*"[^"]{0,120}"\s*:/) > 0 &&
    share(opening) + share(closing) + share(value) > 0.95,
  read: (lines, units) => {
    let unnamed: { unit: number; indent: number } | undefined;
    for (let line = 0; line < lines.count; line++) {
      const head = lines.head(line);
      if (lines.isBlank(line) || (closing.test(head) && line > 0)) continue;
      const indent = lines.indent(line);
      const whole = endOfObject(lines, line);
      if (whole !== -1) {
        units.add(lines.start(line), "record", indent);
        line = whole;
        continue;
      }
      if (opening.test(head)) {
        const label = head.trimEnd();
        const unit = units.open(lines.start(line), "section", { level: indent, label });
        unnamed = /^\s*\{/.test(head) ? { unit, indent } : undefined;
        continue;
      }
      units.add(lines.start(line), "setting", indent);
      const [name, key = ""] = naming.exec(head) ?? [];
      if (unnamed === undefined || name === undefined || indent <= unnamed.indent) continue;
      units.relabel(unnamed.unit, `${" ".repeat(Math.min(40, unnamed.indent))}{ ${name.trim()}`);
      if (isOwnName(key)) unnamed = undefined;
    }
  },
};

/** @returns the last line of a short object of a list, which is kept whole because what names it may stand anywhere in it; -1 for none. */
function endOfObject(lines: Lines, from: number): number {
  const indent = lines.indent(from);
  if (indent === 0 || lines.head(from).trim() !== "{") return -1;
  for (let line = from + 1; line < lines.count && lines.start(line + 1) - lines.start(from) <= longestWhole; line++)
    if (lines.indent(line) <= indent && !lines.isBlank(line)) return lines.head(line).trimStart().startsWith("}") ? line : -1;
  return -1;
}
