import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { outputFormats } from "@nocp/contracts/request.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { equalValues } from "@nocp/text/formats/equal-values.ts";
import { loadFormats } from "@nocp/text/formats/load-formats.ts";
import { selectFormat } from "@nocp/text/formats/select-format.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const formats = await loadFormats();
const counter = createTokenCounter("gpt-4o");
const folder = fileURLToPath(new URL("../../shared/text/src/formats/formats", import.meta.url));

/** What a format is most likely to lose: text that looks like another type, separators, blanks, odd keys. */
const hostileString = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "007",
    "1e5",
    "-0",
    "1.0",
    "true",
    "null",
    "NaN",
    "Infinity",
    "~",
    "-",
    "- a",
    "[]",
    "{}",
    "#",
    ":",
    "a: b",
  ),
  fc.constantFrom(
    "a,b",
    'say "hi"',
    "'",
    "a\nb",
    "a\r\nb",
    "\r",
    "\t",
    "a|b",
    "\\",
    "\\|",
    "| a |",
    "---",
    " padded ",
    "\ufeffa",
    "\u2028",
  ),
  fc.constantFrom(
    "```",
    "<|endoftext|>",
    "😀",
    "日本語",
    "a\u0301",
    "=1+1",
    "2024-01-01",
    "0x10",
    "1_000",
    "[2]{a,b}:",
    "__proto__",
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);
/** Without backslashes: once V8 has parsed a key of one, it may take an escaped key for it (nodejs/node#63785). */
const hostileKey = fc
  .oneof(fc.constantFrom("id", "a", "__proto__", "constructor", "toString", "length", "1", "a.b"), hostileString)
  .map((key) => key.replaceAll("\\", "/"));
const hostileNumber = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 1e21, 1e-7, 1.5e300, 5e-324, 2 ** 53, -(2 ** 53), 0.1 + 0.2),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
);
const scalar = fc.oneof(hostileString, hostileNumber, fc.boolean(), fc.constant(null));
const record = (value: fc.Arbitrary<unknown>) =>
  fc.array(fc.tuple(hostileKey, value), { maxLength: 5 }).map((entries) => Object.fromEntries(entries));
const table = fc
  .uniqueArray(hostileKey, { minLength: 1, maxLength: 4 })
  .chain((columns) =>
    fc
      .array(fc.tuple(...columns.map(() => scalar)), { minLength: 1, maxLength: 5 })
      .map((rows) => rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])))),
  );
const { value: nested } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie("value"), { maxLength: 4 }), record(tie("value"))),
}));
const anyValue = fc.oneof(scalar, table, fc.array(record(scalar), { maxLength: 4 }), nested);

/** Formats whose text a library makes. */
const writtenByOthers: ReadonlySet<string> = new Set(["toon"]);

it("finds every file of the folder as a format of the contract's list, and the other way round", () => {
  const files = readdirSync(folder).map((name) => basename(name, ".ts"));
  expect(formats.map(({ name }) => name)).toEqual([...outputFormats]);
  expect(files.sort()).toEqual([...outputFormats].sort());
});

describe.each(formats.map((format) => [format.name, format] as const))("%s", (name, format) => {
  it("names a media type", () => {
    expect(format.mediaType).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/);
  });

  it("gives back every value it accepts, types included, or is passed over", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const text = valueOrUndefined(() => format.render(value));
        if (text === undefined) return;
        const parsed = valueOrUndefined(() => ({ value: format.parse(text) }));
        // A library's mistake must at least not reach a caller: the selection then takes another format.
        if (parsed === undefined || !equalValues(parsed.value, value)) {
          expect(writtenByOthers.has(name)).toBe(true);
          expect(selectFormat(value, formats, counter, name).format).not.toBe(name);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it("accepts something, and never writes what is no text", () => {
    const values = ["plain text", [{ id: 1, name: "Ada" }], { a: [1, 2] }];
    const texts = values.map((value) => format.render(value)).filter((text) => text !== undefined);
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(text).toBeTypeOf("string");
  });

  it("gives back an ordinary value it accepts", () => {
    const values = [
      "plain text",
      [
        { id: 1, name: "Ada", active: true, note: null },
        { id: 2, name: "Bo, Jr.", active: false, note: "007" },
      ],
    ];
    for (const value of values) {
      const text = format.render(value);
      if (text !== undefined) expect(equalValues(format.parse(text), value)).toBe(true);
    }
  });
});

function valueOrUndefined<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
