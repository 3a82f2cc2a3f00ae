// Where records begin: at their names, with separators, in pairs and in runs of lines; lists, headings and speakers are none.
import { describe, expect, test } from "vitest";
import { linesOf } from "./lines.ts";
import { parseStructure } from "./parse-structure.ts";
import { recordPatternOf } from "./record-pattern.ts";

const names = ["amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heron", "ivory", "jasper"];
const textOf = (record: (name: string, at: number) => string, before = "") => before + names.map(record).join("");

/** First lines of the records. */
function beginningsOf(text: string): string[] {
  const lines = linesOf(text);
  const pattern = recordPatternOf(lines);
  if (pattern === undefined) return [];
  return Array.from({ length: lines.count }, (_, line) => line)
    .filter((line) => !lines.isBlank(line) && pattern.begins(line))
    .map((line) => lines.head(line));
}

describe("a record begins", () => {
  test("at the name above the words that come back", () => {
    const text = textOf(
      (name, at) => `  ${name}: deployment {\n    replicas: ${at}\n    port: ${at + 80}\n  },\n`,
      "local k;\n{\n",
    );
    expect(beginningsOf(text)).toEqual(names.map((name) => `  ${name}: deployment {`));
  });

  test("at a heading that is the same each time", () => {
    const text = textOf((name) => `# Data-Set\n(0010,0010) PN [${name}]\n(0018,1152) IS [4]\n\n`);
    expect(beginningsOf(text)).toEqual(names.map(() => "# Data-Set"));
  });

  test("at each first line of two, after a preamble that begins alike", () => {
    const text = textOf((name, at) => `/shop/${name}\n${name.length * at} pieces\n`);
    expect(beginningsOf(text)).toEqual(names.map((name) => `/shop/${name}`));
  });

  test("where lines begin with another name than those above, whatever the time", () => {
    const text = textOf((name, at) => `[ ${at}.10] usb 1-${at}: found\n[ ${at}.20] usb 1-${at}: Product: ${name}\n`);
    expect(beginningsOf(text)).toEqual(names.map((_, at) => `[ ${at}.10] usb 1-${at}: found`));
  });
});

test.each([
  ["a list", textOf((name) => `- ${name}\n  of the shop\n`)],
  ["headings", textOf((name) => `## ${name}\n\nThe ${name} is new.\nIt is green.\n\n`)],
  ["prose", textOf((name, at) => `${"The day was long. ".repeat(at + 2)}${name}.\n\n`)],
])("no records: %s", (_, text) => {
  expect(beginningsOf(text)).toEqual([]);
});

test("pairs in blocks are no conversation, whatever their first line", () => {
  const text = textOf((name, at) => `${name} Town 1-0 Harbor City\nGoals: Maple 10'\nReferee: Fossil\nAttendance: ${at}\n\n`);
  expect(parseStructure(text).kind).toBe("records");
});

test("turns stand under the heading of their part", () => {
  const text = textOf((name) => `## ${name}\n\nAnna: Is the ${name} done?\nBen: It is.\n\n`);
  const { kind, units } = parseStructure(text);
  expect(kind).toBe("transcript");
  expect(units.filter(({ role }) => role === "turn").every(({ parent }) => units[parent]?.role === "heading")).toBe(true);
});

test("an outline ends where the next record begins", () => {
  const table = textOf(
    (name, at) => `||  Volumes  ||\n|+----+----+|\n||  Name | ${name} ||\n||  Size | ${at} ||\n`,
    "-----\n| Describe |\n+-----+\n",
  );
  const { units } = parseStructure(table);
  expect(units.filter(({ role }) => role === "record")).toHaveLength(names.length);
});

test("a trigger is one statement up to its END", () => {
  const text = textOf(
    (name) => `CREATE TRIGGER ${name} BEFORE INSERT ON t\nBEGIN\n  UPDATE a SET b = 1;\n  DELETE FROM c;\nEND;\n`,
  );
  expect(parseStructure(text).units.map(({ role }) => role)).toEqual(names.map(() => "statement"));
});
