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

  test("at a row of marks, whatever blank lines stand within", () => {
    const text = textOf(
      (name, at) => `_____ test[${name}] _____\n\nitem = '${at}'\n\n>  assert a\nE  AssertionError\n\na.py:9: Error\n`,
    );
    expect(beginningsOf(text)).toEqual(names.map((name) => `_____ test[${name}] _____`));
  });

  test("below a rule, which may have gaps", () => {
    const rule = " ---- ---------- \n";
    const text = textOf((name, at) => `${rule}  Line   src/${name}.php\n${rule}  ${at}     Wrong.\n         why\n${rule}\n`);
    expect(beginningsOf(text)).toEqual(names.map((name) => `  Line   src/${name}.php`));
  });

  test("at a prompt", () => {
    const text = textOf((name, at) => `$ ls ${name}\n10:00 ${at} a.gz\n10:01 ${at} b.gz\n\nTotal: ${at}\n   Size: 3\n`);
    expect(beginningsOf(text)).toEqual(names.map((name) => `$ ls ${name}`));
  });

  test("at the only lines that are not indented", () => {
    const text = textOf((name, at) => `${name} pressure (n.) The state\n    when it is closed. It is\n    ${at} units.\n`);
    expect(beginningsOf(text)).toEqual(names.map((name) => `${name} pressure (n.) The state`));
  });

  test("where lines indented less come back, not below them", () => {
    const text = textOf(
      (name, at) => `    , { name = "${name}"\n      , port = ${at}\n      , owner = "x"\n      }\n`,
      "let a = 1\n",
    );
    expect(beginningsOf(text)).toEqual(names.map((name) => `    , { name = "${name}"`));
  });

  test("at the first words of all paragraphs, whatever follows", () => {
    const parts = ["port=$1\n^--^ SC2034: unused\n", "cd $a\n^---^ SC2164: use exit\n   ^-- SC2086: quote\n"];
    const text = textOf((name, at) => `In deploy/${name}.sh line ${at}:\n${parts[at % 2]}\n`);
    expect(beginningsOf(text)).toHaveLength(names.length);
  });

  test("at the first of many steps", () => {
    const steps = "* using R\n* checking size ... NOTE\n  large\n* checking tests ... OK\n* DONE\n\n";
    const text = textOf((name) => `* using log directory ${name}\n${steps}`);
    expect(beginningsOf(text)).toEqual(names.map((name) => `* using log directory ${name}`));
  });

  test("at the first line of a comment, which is no heading", () => {
    const text = textOf((name, at) => `# Time: 10:00:${at}\n# User: ${name}\n# Rows: ${at}\nSELECT 1;\n`);
    expect(beginningsOf(text)).toHaveLength(names.length);
  });

  test("at a comment above a rule, which is no heading", () => {
    const text = textOf((name, at) => `# rule:[${name}]\nif (size > ${at})\n{\n  keep;\n  stop;\n}\n`);
    expect(beginningsOf(text)).toEqual(names.map((name) => `# rule:[${name}]`));
  });

  test("at a heading that only a number tells from the others", () => {
    const text = textOf((name, at) => `# device ${at}\nIF::descr.${at} = port-${name}\nIF::mtu.${at} = 1500\n\n`);
    expect(beginningsOf(text)).toEqual(names.map((_, at) => `# device ${at}`));
  });

  test("at a line in the middle of the page below a blank line", () => {
    const text = textOf(
      (name, at) => `        SHOP\n    Market Street\nReceipt ${at}\n${"1 x a\n".repeat(1 + (at % 3))}Served by ${name}\n\n`,
    );
    expect(beginningsOf(text)).toHaveLength(names.length);
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
