// No content stalls a service: work grows with the input, whatever runs of characters, lines and values it is made of.
import { createCompressor } from "@nocp/assess/compress.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { extractAnswer } from "@nocp/models/vendors/extractive/extract-answer.ts";
import fc from "fast-check";
import { describe, it, test } from "vitest";
import { promptOf } from "../fixtures/llm-router-fixtures.ts";
import { expectLinearWork } from "../linear-work.ts";

/** Counts nothing itself: what is measured is the reading. */
const counter = { model: "none", encoding: "none", count: (text: string) => Math.ceil(text.length / 4) };
const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter as never });

const question = "Why did the b of a fail after 5 ms?";
/** Names nothing: where the context lacks what is named, the built-in provider reads no further. */
const plainQuestion = "why did this value fail?";

/** Of the kinds that readers and patterns look for: marks, blanks, words, brackets, quotes, markup, rules, escapes. */
const pieces = fc.constantFrom(
  ...[
    "!",
    ".",
    " ",
    "\t",
    "1",
    "9,",
    "a",
    "A",
    "Ab",
    "_",
    "-",
    "=",
    "|",
    ":",
    ";",
    ",",
    "/",
    "\\",
    "@",
    "#",
    "~",
    "`",
    "*",
    ">",
    "+",
  ],
  ...[
    "[]",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    '"',
    "'",
    "“",
    "<",
    "</",
    "<p>",
    "<div>",
    "<!--",
    "&amp;",
    "${",
    "://",
    "::",
    "- ",
    "e.g. ",
  ],
  ...[
    "\n",
    "\r\n",
    "\n\n",
    "\n  ",
    "\n- ",
    "\n# ",
    "\n| ",
    "\n> ",
    "\n@@ -1 +1 @@\n",
    "\nERROR ",
    "\n--- ",
    "\na: ",
    "\n[1]: a:",
    "a | b",
  ],
  ...[
    "\u001b[31m",
    "\u001b",
    "\u0000",
    "\r",
    "\u0301",
    "\u200b",
    "\u202e",
    "。",
    "？",
    "한",
    "字",
    "ก",
    "ﬁ",
    "😀",
    "\ud800",
    "é",
  ],
  ...[
    "AB  CD ",
    "1:1 ",
    "2024-01-01 ",
    "1ms ",
    "[1] all a; b",
    "a,b\n",
    '{"a":',
    '"a":1,',
    "function a(",
    "if (",
    "def a(",
    "end\n",
  ],
);

/** One to three pieces, each repeated a few times. */
const unit = fc
  .array(fc.tuple(pieces, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.map(([piece, times]) => piece.repeat(times)).join(""));

/** What stands before and after the run decides what it is taken for. */
const run = fc.record({ before: fc.oneof(fc.constant(""), unit), repeated: unit, after: fc.oneof(fc.constant(""), unit) });

const textOf = ({ before, repeated, after }: { before: string; repeated: string; after: string }, length: number): string =>
  before + repeated.repeat(Math.ceil(length / repeated.length)) + after;

type Form = (text: string) => ContextItem[];
const tool = (data: Extract<ContextItem, { kind: "tool" }>["data"]): ContextItem[] => [
  { kind: "tool", id: "i", name: "file.read", data },
];
const forms: Readonly<Record<string, Form>> = {
  document: (text) => [{ kind: "document", id: "i", title: "", text }],
  message: (text) => [{ kind: "message", id: "i", role: "user", text }],
  "a tool's text": (text) => tool(text),
  "a field": (text) => tool({ a: text, b: [text] }),
  rows: (text) => tool(Array.from({ length: 40 }, (_, at) => ({ id: at, text: text.slice(0, text.length / 40) }))),
};

const compress = (items: readonly ContextItem[], mode: "auto" | "lossless" = "auto") =>
  compressor.compress({
    query: question,
    items,
    mode,
    ...(mode === "auto" ? { targetRatio: 0.3 } : { payloadTenant: "default" }),
  });

const answer = (context: string) => extractAnswer(promptOf(plainQuestion, { context }));

/** Runs of the short form, and of the long one that LONG_TESTS asks for. */
const numRuns = process.env.LONG_TESTS === undefined ? 12 : 400;
const runLength = 12_000;

describe("work grows with the length of a generated run", () => {
  it.each(Object.entries(forms))("in the compressor: %s", async (_, itemsOf) => {
    const growth = fc.asyncProperty(run, (made) =>
      expectLinearWork((length) => compress(itemsOf(textOf(made, length))), runLength),
    );
    await fc.assert(growth, { numRuns, endOnFailure: true });
  });

  it("in the compressor without loss", async () => {
    const growth = fc.asyncProperty(run, (made) =>
      expectLinearWork((length) => compress(tool(textOf(made, length)), "lossless"), runLength),
    );
    await fc.assert(growth, { numRuns, endOnFailure: true });
  });

  it("in the extractive provider", async () => {
    const growth = fc.asyncProperty(run, (made) => expectLinearWork((length) => answer(textOf(made, length)), runLength));
    await fc.assert(growth, { numRuns: 4 * numRuns, endOnFailure: true });
  });
});

const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth);
const columnsOf = (count: number): string[] => Array.from({ length: count }, (_, at) => `c${at}`);

/** Shapes whose parts are many rather than long. */
const shapes: Readonly<Record<string, (size: number) => string>> = {
  "a table of many columns": (size) => `${columnsOf(size).join(",")}\n${columnsOf(size).join(",")}\n`,
  "a wide header above narrow rows": (size) => `${columnsOf(size).join(",")}\n${"a\n".repeat(size)}`,
  "a table that promises more than it has": (size) => "rows[999999999] all a: b; c | d:\n".repeat(size),
  "shared fields of many rows": (size) => `r[${size}] all ${"a: b; ".repeat(size)}x | y:\n${"1 | 2\n".repeat(size)}`,
  "a wide TOON header": (size) => `r[${size}]{${columnsOf(size).join(",")}}:\n${"  1\n".repeat(size)}`,
  "headers that are none": (size) => "one two three four five,b\n".repeat(size),
  "many headings": (size) => Array.from({ length: size }, (_, at) => `# Heading ${at}\n\na\n\n`).join(""),
  "headings that go down": (size) => Array.from({ length: size }, (_, at) => `${"#".repeat(1 + (at % 6))} H\n\n`).join(""),
  "deep lists": (size) => Array.from({ length: size }, (_, at) => `${" ".repeat(at % 200)}- a\n`).join(""),
  "deep JSON": (size) => nested(size, '{"a":', "}").replace(":}", ":1}"),
  "deep arrays": (size) => nested(size, "[", "]"),
  "deep markup": (size) => `<html><body>${nested(size, "<div>", "</div>")}`,
  "many speakers": (size) => Array.from({ length: size }, (_, at) => `P${at}: a\n`).join(""),
  "many distinct words": (size) => columnsOf(size).join(" "),
  "many failures": (size) => Array.from({ length: size }, (_, at) => `FAIL a${at}\n  Error: b\n`).join(""),
};

describe.each(Object.entries(shapes))("work grows with the size of %s", (_, textOfSize) => {
  test("in the compressor", () => expectLinearWork((size) => compress(forms.document!(textOfSize(size))), 2000));
  test("in the compressor, as a tool's text", () => expectLinearWork((size) => compress(tool(textOfSize(size))), 2000));
  test("in the extractive provider", () => expectLinearWork((size) => answer(textOfSize(size)), 2000));
});

test("work grows with the number of documents of one letter", async () => {
  const documents = (count: number): ContextItem[] =>
    Array.from({ length: count }, (_, at) => ({ kind: "document", id: `d${at}`, title: "", text: "a" }));
  await expectLinearWork((count) => compress(documents(count)), 10_000);
});
