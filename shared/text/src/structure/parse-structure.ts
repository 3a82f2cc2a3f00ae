// Reads any text as a tree of units: the first kind that recognises it says where they begin.

import { withFailedTests } from "./failed-tests.ts";
import { kinds } from "./kinds.ts";
import { linesOf } from "./lines.ts";
import { markupKindOf, readableMarkup } from "./readable-markup.ts";
import { sampleOf } from "./text-kind.ts";
import type { Structure } from "./unit.ts";
import { createUnitBuilder } from "./unit-builder.ts";

/**
 * @param name a file name or title, where there is one: it settles what the text alone leaves open.
 * @returns units that touch and cover the text. Linear in the text, whatever it holds.
 */
export function parseStructure(text: string, name = ""): Structure {
  const markup = markupKindOf(text);
  if (markup === undefined) return readUnits(text, name);
  const structure = readUnits(readableMarkup(text, markup), markup === "html" ? "page.md" : "data.yaml");
  const units = markup === "xml" ? withFailedTests(structure) : structure.units;
  return { ...structure, units, kind: markup };
}

function readUnits(text: string, name: string): Structure {
  const lines = linesOf(text);
  const sample = sampleOf(lines, name);
  const suggested = sample.name === "" ? [] : kinds.filter(({ names }) => names?.test(sample.name));
  const kind = [...suggested, ...kinds].find((candidate) => candidate.matches(sample));
  const units = createUnitBuilder(text);
  if (lines.count > 0) kind?.read(lines, units, sample);
  return { kind: kind?.name ?? "text", text, units: units.finish() };
}
