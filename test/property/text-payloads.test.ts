// Texts whose binary data became references are given back: other text byte for byte, JSON value for value.
import { createHash } from "node:crypto";
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { equalValues } from "@nocp/text/formats/equal-values.ts";
import { findPayloads } from "@nocp/text/lossless/find-payloads.ts";
import { restoreText } from "@nocp/text/lossless/lossless.ts";
import { writeReferring } from "@nocp/text/lossless/write-referring.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { expectLinearWork } from "../linear-work.ts";

/** `LONG_TESTS` asks for the long form. */
const isLong = process.env.LONG_TESTS !== undefined;
const runs = { numRuns: isLong ? 10_000 : 500 };
const longestMs = isLong ? 600_000 : 60_000;

/** What is found does not depend on how tokens are counted. */
const count = (text: string) => text.length;
const referTo = (payload: string): string => createHash("sha256").update(payload).digest("hex").slice(0, 12);
const write = (text: string) => writeReferring(text, count, referTo);

const wrapped = (text: string, width: number, separator: string): string =>
  (text.match(new RegExp(`.{1,${width}}`, "g")) ?? []).join(separator);
/** Random bytes from one seed: an array of so many is slow to draw. */
const bytes = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 1400 })).map(([seed, length]) => {
  const parts = Array.from({ length: Math.ceil(length / 64) }, (_, at) => createHash("sha512").update(`${seed} ${at}`).digest());
  return Buffer.concat(parts).subarray(0, length);
});
const fullBytes = bytes.map((buffer) => Buffer.concat([buffer, Buffer.alloc(200, buffer)]));
const separator = fc.constantFrom("\n", "\r\n", "\n  ", "\n\t");
const base64 = bytes.map((buffer) => buffer.toString("base64"));
const binary = fc.oneof(
  base64,
  base64.map((text) => `data:image/png;base64,${text}`),
  bytes.map((buffer) => buffer.toString("base64url")),
  bytes.map((buffer) => buffer.toString("hex")),
  bytes.map((buffer) => `0x${buffer.toString("hex").toUpperCase()}`),
  bytes.map(({ length }) => `;base64,${Buffer.alloc(length).toString("base64")}`),
  fc
    .tuple(base64, fc.constantFrom(40, 60, 64, 72, 76, 77, 128), separator)
    .map(([text, width, end]) => wrapped(text, width, end)),
  base64.map((text) => `-----BEGIN PRIVATE KEY-----\n${wrapped(text, 64, "\n")}\n-----END PRIVATE KEY-----`),
  base64.map((text) => `Content-Transfer-Encoding: base64\r\n\r\n${wrapped(text, 76, "\r\n")}\r\n--mixed--`),
  bytes.map((buffer) => wrapped(buffer.toString("hex"), 60, "\n")),
);
const uuidOf = (buffer: Buffer): string =>
  createHash("md5")
    .update(buffer)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
const digestList = (digestOf: (buffer: Buffer) => string) =>
  fc
    .tuple(fc.array(bytes, { minLength: 1, maxLength: 20 }), fc.constantFrom("\n", ",", " ", "\r\n"))
    .map(([list, end]) => list.map(digestOf).join(end));
const harmless = fc.oneof(
  digestList(uuidOf),
  digestList((buffer) => createHash("sha256").update(buffer).digest("hex")),
  digestList((buffer) => createHash("sha384").update(buffer).digest("base64")),
  digestList((buffer) => createHash("sha512").update(buffer).digest("hex").toUpperCase()),
  bytes.map((buffer) => wrapped(buffer.toString("hex"), 32, "\n").replace(/^/gm, "00000010: ")),
  fc.integer({ min: 1, max: 90 }).map((times) => "getUserById2".repeat(times)),
  fc.integer({ min: 1, max: 90 }).map((times) => "usr/lib/Python3/site".repeat(times)),
  fc.integer({ min: 1, max: 500 }).map((times) => "=".repeat(times)),
  fc.integer({ min: 1, max: 500 }).map((times) => "4".repeat(times)),
  fc.lorem({ maxCount: 30 }),
);
const anything = fc.oneof(
  { weight: 3, arbitrary: binary },
  { weight: 2, arbitrary: harmless },
  fc.string({ unit: "binary" }),
  fc.constantFrom("[payload abcdefghijkl, 12 characters]", "#lossless payloads: ", "#lossless plain: x\n", '{"a":1}', "\\n", '"'),
);
const joint = fc.constantFrom(" ", "\n", "\r\n", "\n\n", ", ", "", '"', "=");
const texts = fc.array(fc.tuple(anything, joint), { maxLength: 5 }).map((parts) => parts.flat().join(""));

test(
  "any text",
  () => {
    let referring = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const written = write(text);
        if (written === undefined) return;
        referring++;
        expect(written.payloads.size).toBeGreaterThan(0);
        const restored = restoreText(written.text, written.payloads);
        if (restored !== text) expect(equalValues(parseExactly(restored), parseExactly(text))).toBe(true);
      }),
      runs,
    );
    expect(referring).toBeGreaterThan(runs.numRuns / 4);
  },
  longestMs,
);

test(
  "any JSON value with such texts in it",
  () => {
    const value = fc.oneof(
      fc.dictionary(
        fc.oneof(fc.string(), fc.constantFrom("__proto__", "image")),
        fc.oneof(texts, fc.integer(), fc.array(texts, { maxLength: 3 })),
      ),
      fc.array(fc.record({ id: fc.nat(), file: texts, state: fc.constantFrom("open", "closed") }), {
        minLength: 1,
        maxLength: 6,
      }),
    );
    let referring = 0;
    fc.assert(
      fc.property(value, (json) => {
        const source = JSON.stringify(json, null, 1);
        const written = write(source);
        if (written === undefined) return;
        referring++;
        expect(equalValues(parseExactly(restoreText(written.text, written.payloads)), parseExactly(source))).toBe(true);
      }),
      runs,
    );
    expect(referring).toBeGreaterThan(runs.numRuns / 4);
  },
  longestMs,
);

test("digests, identifiers, words and paths are never taken", () => {
  fc.assert(
    fc.property(fc.array(harmless, { maxLength: 4 }), (parts) => {
      expect(findPayloads(parts.join("\n\n"))).toEqual([]);
    }),
    runs,
  );
});

test("binary data of 256 characters and more are taken, wherever they stand", () => {
  fc.assert(
    fc.property(
      fullBytes,
      fc.constantFrom("base64", "base64url", "hex"),
      fc.lorem({ maxCount: 9 }),
      (buffer, encoding, words) => {
        const payload = buffer.toString(encoding as BufferEncoding);
        const text = `${words} data:image/png;base64,${payload} ${words}`;
        expect(findPayloads(text).map(({ start, end }) => text.slice(start, end))).toEqual([payload]);
      },
    ),
    runs,
  );
});

const lines = (line: string) => (size: number) => `${line}\n`.repeat(size);
test.each([
  ["lines that are no data", lines("A".repeat(76))],
  ["lines that are announced", lines("Content-Transfer-Encoding: base64\n".padEnd(110, "Ab1"))],
  ["lines of digits", lines("4".repeat(60))],
  ["one line", (size: number) => "Ab1".repeat(size * 20)],
  ["many short runs", (size: number) => `${"a".repeat(39)} `.repeat(size)],
  ["many blanks between lines", lines(`${"Ab1/".repeat(19)}\n${" ".repeat(60)}`)],
])("is found in linear work: %s", async (_, textOfSize) => {
  await expectLinearWork((size) => findPayloads(textOfSize(size)), 2000);
});
