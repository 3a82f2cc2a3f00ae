// What is written without loss is given back: JSON value for value, other text byte for byte.
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { equalValues } from "@nocp/text/formats/equal-values.ts";
import { restoreText, writeLossless } from "@nocp/text/lossless/lossless.ts";
import fc from "fast-check";
import { expect, test } from "vitest";

const counter = createTokenCounter("gpt-4o");
const count = (text: string) => counter.count(text);
/** `LONG_TESTS` asks for the long form. */
const isLong = process.env.LONG_TESTS !== undefined;
const runs = { numRuns: isLong ? 10_000 : 600 };
const longestMs = isLong ? 600_000 : 60_000;

const hostileKey = fc.constantFrom(
  "__proto__",
  "constructor",
  "@key",
  "@1",
  "",
  "1",
  "0",
  "a.b",
  "{}",
  "~",
  "id",
  "name",
  "total",
  "items",
);
const hostileText = fc.constantFrom(
  "@1",
  "@@2",
  "~",
  "~n",
  "~e",
  '~"',
  "{}",
  "{2}",
  "}}",
  "{a|b}",
  "a\tb",
  "a\nb",
  "\r",
  "0012",
  "-0",
  "1e3",
  "=A",
  "*3A",
  ">2 x",
  "#lossless json: ",
);
const scalar = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.string(),
  fc.string({ unit: "binary" }),
  hostileText,
);
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    scalar,
    fc.array(tie("json"), { maxLength: 5 }),
    fc.dictionary(fc.oneof(hostileKey, fc.string()), tie("json"), { maxKeys: 5 }),
  ),
}));
/** Lists and maps of alike objects, whole and with gaps, with regular and irregular columns. */
const records = fc
  .tuple(
    fc.uniqueArray(fc.oneof(hostileKey, fc.string({ maxLength: 8 })), { minLength: 1, maxLength: 5 }),
    fc.integer({ min: 3, max: 12 }),
    fc.boolean(),
  )
  .chain(([keys, size, isMap]) =>
    fc.tuple(...keys.map((key) => fc.tuple(fc.constant(key), columnOf(size), fc.boolean()))).map((columns) => {
      const rows = Array.from({ length: size }, (_, row) =>
        Object.fromEntries(
          columns.filter(([, , hasGaps]) => !hasGaps || row % 3 !== 1).map(([key, values]) => [key, values[row]]),
        ),
      );
      return isMap ? Object.fromEntries(rows.map((row, at) => [`k${at * 7}`, row])) : { total: size, rows };
    }),
  );
const columnOf = (size: number): fc.Arbitrary<unknown[]> =>
  fc.oneof(
    fc.integer({ min: 0, max: 1000 }).map((start) => Array.from({ length: size }, (_, row) => start + row * 3)),
    fc
      .integer({ min: 0, max: 2_000_000_000 })
      .map((start) => Array.from({ length: size }, (_, row) => new Date((start + row * 60) * 1000).toISOString())),
    fc.constant(Array.from({ length: size }, (_, row) => `user${row}@example.com`)),
    fc.array(fc.constantFrom("San Francisco", "New Orleans", "a|b", "x"), { minLength: size, maxLength: size }),
    fc.array(json, { minLength: size, maxLength: size }),
    fc.array(fc.array(fc.record({ sku: fc.string(), count: fc.nat() }), { maxLength: 3 }), { minLength: size, maxLength: size }),
    fc.array(fc.record({ city: fc.string(), zip: fc.option(fc.string()) }, { requiredKeys: [] }), {
      minLength: size,
      maxLength: size,
    }),
  );
const logLine = fc.oneof(
  fc
    .tuple(fc.nat(59), fc.nat(999), fc.constantFrom("GET", "POST"), fc.nat(99999))
    .map(([s, ms, method, id]) => `2026-05-01T10:00:${String(s).padStart(2, "0")}.${ms}Z INFO ${method} /orders/${id}`),
  fc
    .tuple(fc.uuid(), fc.stringMatching(/^[0-9a-f]{6,20}$/), fc.stringMatching(/^[0-9A-Za-z]{4,12}$/))
    .map(([uuid, digits, token]) => `request=${uuid} trace=${digits} pod=api-${token}-0`),
  fc.tuple(fc.nat(9), fc.string({ maxLength: 12 })).map(([worker, what]) => `worker ${worker}: ${what.replace(/\n/g, "")}`),
  fc.constantFrom(
    "",
    " ",
    "\t",
    "=",
    "A",
    "A=",
    "*3A",
    ">2 src/app/a.ts:",
    "    at main (src/app/main.ts:3:1)",
    "same line every time",
  ),
  hostileText,
  fc.string({ unit: "binary" }),
);

const givesBackText = (text: string): void => {
  expect(restoreText(writeLossless(text, count).text)).toBe(text);
};
const givesBackValue = (text: string): void => {
  expect(equalValues(parseExactly(restoreText(writeLossless(text, count).text)), parseExactly(text))).toBe(true);
};

test(
  "any JSON document",
  () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(json), fc.dictionary(fc.string(), json)), (value) => givesBackValue(JSON.stringify(value))),
      runs,
    );
  },
  longestMs,
);

test(
  "records, as JSON and as lines of JSON",
  () => {
    fc.assert(
      fc.property(records, (value) => givesBackValue(JSON.stringify(value, null, 2))),
      runs,
    );
    fc.assert(
      fc.property(records, (value) =>
        givesBackText(
          Object.values("rows" in value ? (value.rows as object[]) : value)
            .map((row) => JSON.stringify(row))
            .join("\n"),
        ),
      ),
      runs,
    );
  },
  longestMs,
);

test(
  "lines of logs, lists of files and anything between",
  () => {
    const ending = fc.constantFrom("\n", "\r\n");
    fc.assert(
      fc.property(fc.array(logLine, { maxLength: 30 }), ending, fc.boolean(), (lines, end, isTerminated) =>
        givesBackTextOrValue(lines.join(end) + (isTerminated ? end : "")),
      ),
      runs,
    );
  },
  longestMs,
);

test(
  "tables with a delimiter, and any text",
  () => {
    const cell = fc.oneof(
      fc.nat(9999).map(String),
      fc.constantFrom("", "Lisbon", '"a,b"', "~", "{}"),
      fc.string({ maxLength: 6 }),
    );
    const table = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom(",", "\t", ";", "|"))
      .chain(([width, delimiter]) =>
        fc
          .array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 })
          .map((rows) => rows.map((row) => row.join(delimiter)).join("\n")),
      );
    fc.assert(
      fc.property(fc.oneof(table, fc.string({ unit: "binary", maxLength: 200 })), (text) => givesBackTextOrValue(text)),
      runs,
    );
  },
  longestMs,
);

const givesBackTextOrValue = (text: string): void => {
  const restored = restoreText(writeLossless(text, count).text);
  if (restored !== text) givesBackValue(text);
};
