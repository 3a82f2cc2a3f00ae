// Units of any text: they cover it, parents stand before their parts, and reading takes linear time.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectLinearWork } from "../../../../test/linear-work.ts";
import { parseStructure } from "./parse-structure.ts";
import { splitSentences } from "./split-sentences.ts";
import { labelOf } from "./unit.ts";

/** What lines of every kind begin with, and what has stalled readers before. */
const pieces = [
  ...'!. 1a{("<,:#=-*|>~`\t\r\f…。字',
  ...[
    "[]",
    "\n",
    "\n\n",
    "- a\n",
    "> a\n",
    "| a | b |\n",
    "|---|---|\n",
    "# a\n",
    "=\n",
    "```\n",
    "a: b\n",
    "a:\n",
    " a:\n",
    "  b\n",
  ],
  ...[
    "@@ -1,1 +1,1 @@\n",
    "+a\n",
    "-a\n",
    "diff --git a/a b/a\n",
    "--- a/a\n",
    "+++ b/a\n",
    "commit 1234567\n",
    "Author: a <a@b>\n",
  ],
  ...["{\n", "}\n", "def a():\n", "class A {\n", "  a() {\n", "/* ", "//\n", "@a\n", "CREATE TABLE a (\n", ");\n", "$$\n"],
  ...[
    "FAIL a\n",
    "  ● a\n",
    "PASS a\n",
    "error: a\n",
    "E   a\n",
    "Traceback (most recent call last):\n",
    "  at x (y:1:2)\n",
    "╷\n",
  ],
  ...[
    "[a]\n",
    "[[a]]\n",
    "a=1\n",
    "a=1\\\n",
    "---\n",
    "- a:\n",
    "1. a\n",
    "1.1 A\n\n",
    "A\n\n",
    "A:\n",
    ": a\n",
    "e.g. ",
    ". ",
    ")\n",
  ],
  ...[
    "From: a\n",
    "Subject: b\n",
    "On a wrote:\n",
    "A: b\n",
    "10:00 A: b\n",
    "1\n00:00:00,000 --> 00:00:01,000\n",
    "a,b\n",
    'a,"\n',
  ],
  ...[
    "2024-01-01 10:00:00 INFO a\n",
    "src/a.ts:1: b\n",
    "src/a.ts\n",
    "12:  b\n",
    "NAME  READY  AGE\n",
    "FROM a AS b\n",
    "RUN a \\\n",
    "[a]\n====\n",
    "-> a\n",
    "- a\n  b\n",
    "[a.b.c]\n",
    '  "a": {\n',
    "In file included from a:1\n",
    "a.c:1:2: error: b\n",
    "<testcase/>",
  ],
  ...[
    "$ a\n",
    "_____ a\n",
    " ---- ----\n",
    "# a 1\nb\n",
    ":   a\n\n",
    "- a:\n  - b\n",
    "=== RUN   A\n    a.go:1:\n",
    "2026-03-02 10:00:00.412 [1] ERROR:  a\n",
  ],
];

const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 120 }).map((parts) => parts.join(""));

describe("units", () => {
  test("touch, cover the text, and stand behind their parents", () => {
    fc.assert(
      fc.property(texts, fc.constantFrom("", "a.py", "a.yaml", "a.csv", "a.sql", "a.md", "a.ini"), (source, name) => {
        const structure = parseStructure(source, name);
        const { text, units } = structure;
        let end = 0;
        units.forEach((unit, at) => {
          expect(unit.start).toBe(end);
          expect(unit.end).toBeGreaterThan(unit.start);
          expect(unit.parent).toBeLessThan(at);
          expect(unit.parent).toBeGreaterThanOrEqual(-1);
          expect(labelOf(structure, at)).not.toContain("\n");
          end = unit.end;
        });
        expect(end).toBe(text.length);
      }),
      { numRuns: 1500 },
    );
  });

  test.each([
    ["diff", "", "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@\n-a\n+b\n"],
    ["yaml", "a.yaml", "a:\n  b: 1\n  c:\n    - d\n"],
    ["settings", "", "[a]\nb = 1\nc = 2\n[d]\nb = 3\n"],
    ["csv", "a.csv", 'a,b,c\n1,"x\ny",2\n3,4,5\n'],
    ["outline", "", "Some prose. More of it.\n\nAnd a paragraph.\n"],
    ["subtitles", "", [1, 2, 3].map((at) => `${at}\n00:00:0${at},000 --> 00:00:0${at},900\nHello\n`).join("\n")],
    ["dockerfile", "", "FROM a AS b\nRUN c\nCOPY d e\nCMD f\n"],
    ["json-text", "", '{\n  "a": {\n    "b": 1,\n    "c": [\n      "d"\n    ]\n  }\n}\n'],
    ["xml", "", `<?xml version="1.0"?>\n<a>\n${'<b c="d"/>\n'.repeat(8)}</a>\n`],
  ])("%s is recognised", (kind, name, text) => {
    expect(parseStructure(text, name).kind).toBe(kind);
  });

  test("a hunk is one unit below its file, whose name counts its lines", () => {
    const structure = parseStructure("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n c\n-a\n+b\n+d\n");
    expect(structure.units.map(({ role, parent }) => [role, parent])).toEqual([
      ["file", -1],
      ["hunk", 0],
    ]);
    expect(labelOf(structure, 0)).toBe("+++ b/x (+2 -1)");
  });

  test("what failed in a report of tests as XML is a failure below its case", () => {
    const cases = '<testcase name="a"/>\n'.repeat(6);
    const failed = '<testcase name="b"><failure message="c"><detail>d</detail></failure></testcase>';
    const structure = parseStructure(`<testsuite>\n${cases}${failed}\n</testsuite>`);
    const failures = structure.units.filter(({ role }) => role === "failure");
    expect(failures.map(({ start, end }) => structure.text.slice(start, end).trim())).toEqual([
      'failure message="c":',
      "detail: d",
    ]);
    expect(labelOf(structure, failures[0]?.parent ?? -1)).toContain('testcase name="b":');
  });

  test("a table of a table stands below it, and another table does not", () => {
    const structure = parseStructure('[[package]]\nname = "a"\n[package.metadata]\nb = 1\n[other]\nc = 2\n', "a.toml");
    const above = structure.units.map(({ parent }) => (parent === -1 ? "" : labelOf(structure, parent)));
    expect(above).toEqual(["", '[[package]] name = "a"', '[[package]] name = "a"', "[package.metadata]", "", "[other]"]);
  });

  test("a removed line that looks like a file's header stays in its hunk", () => {
    const { units } = parseStructure("--- a/x\n+++ b/x\n@@ -1,3 +1,1 @@\n--- a/old\n-b\n c\n");
    expect(units.map(({ role }) => role)).toEqual(["file", "hunk"]);
  });
});

describe.each([
  ["structure", (text: string) => parseStructure(text)],
  ["sentences", (text: string) => splitSentences(text)],
])("reading a long run takes linear work: %s", (_, read) => {
  test.each(pieces.map((piece) => [JSON.stringify(piece), piece] as const))("%s", (__, piece) => {
    return expectLinearWork((length) => read(piece.repeat(Math.ceil(length / piece.length))), 20_000);
  });
});
