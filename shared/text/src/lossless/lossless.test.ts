import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { restoreText, writeLossless } from "./lossless.ts";

const { countTokens } = createRequire(import.meta.url)("gpt-tokenizer/encoding/o200k_base") as {
  readonly countTokens: (text: string) => number;
};

/** A pseudo-random whole number below `limit` for a row and a column. */
const pick = (row: number, column: number, limit: number): number =>
  Math.floor(Math.abs(Math.sin(row * 12.9898 + column * 78.233) * 43758.5453)) % limit;
const two = (value: number): string => String(value).padStart(2, "0");

const people = ["Ada Byron", "Bruno Costa", "Chidi Obi", "Dana Levi", "Emi Sato", "Farid Aziz"];
const orders = (size: number) =>
  Array.from({ length: size }, (_, row) => ({
    id: 10_000 + row,
    customer: people[pick(row, 1, people.length)],
    email: `customer${pick(row, 2, 900)}@shop.example`,
    status: ["shipped", "pending", "cancelled"][pick(row, 3, 3)],
    total: pick(row, 4, 100_000) / 100,
    placed: new Date(Date.UTC(2026, 4, 1) + row * 3_600_000 + pick(row, 5, 3600) * 1000).toISOString(),
    express: pick(row, 6, 2) === 1,
  }));
const log = Array.from({ length: 1000 }, (_, row) => {
  const time = `2026-05-01T10:${two(Math.floor(row / 60) % 60)}:${two(row % 60)}Z`;
  const texts = [
    `${time} INFO scheduler: worker ${pick(row, 1, 8)} finished the nightly import of tenant ${pick(row, 2, 900)} after ${pick(row, 3, 900)} ms`,
    `${time} WARN scheduler: the queue of the nightly import holds ${pick(row, 2, 900)} jobs, which is more than it should`,
  ];
  return texts[pick(row, 4, 2)];
}).join("\n");

const hex = (row: number, column: number, length: number): string =>
  createHash("md5").update(`${row} ${column}`).digest("hex").slice(0, length);
/** Kinds of lines with identifiers that are made at random, at times that follow no rule. */
const requests = Array.from({ length: 600 }, (_, row) => {
  const time = new Date(Date.UTC(2026, 4, 1) + row * 1000 + pick(row, 1, 900)).toISOString();
  const texts = [
    `${time} INFO  http request id=${hex(row, 2, 12)} method=GET path=/v1/orders/${100_000 + pick(row, 2, 900_000)} status=200 took=${pick(row, 3, 90)}ms`,
    `${time} INFO  http request id=${hex(row, 2, 12)} method=POST path=/v1/orders status=201 took=${pick(row, 3, 190)}ms`,
    `${time} DEBUG cache miss key=product:${100_000 + pick(row, 2, 900_000)} tier=2 after ${pick(row, 3, 30)} ms`,
    `${time} WARN  pool connection ${pick(row, 2, 64)} was idle for ${pick(row, 3, 900)} s and is closed`,
    `${time} ERROR payment ${hex(row, 2, 10)} failed: gateway answered timeout, attempt ${pick(row, 3, 5)}`,
  ];
  return texts[pick(row, 4, texts.length)];
}).join("\n");
const spans = Array.from(
  { length: 300 },
  (_, row) =>
    `level=info trace_id=${hex(row, 1, 16)} span_id=${hex(row, 2, 8)} msg="index updated" duration=${pick(row, 3, 900)}ms`,
).join("\n");

const savedShare = (text: string): number => {
  const { text: written } = writeLossless(text, countTokens);
  return 1 - countTokens(written) / countTokens(text);
};

describe("writing without loss", () => {
  test.each([
    ["200 uniform records", JSON.stringify(orders(200)), 0.58],
    ["2,000 uniform records", JSON.stringify(orders(2000)), 0.65],
    ["a log made from templates, a line a second", log, 0.8],
    ["a log of five kinds of lines with random identifiers", requests, 0.6],
    ["lines with a trace and a span", spans, 0.4],
    ["one whose times follow no rule", log.replaceAll(/:(\d\d)Z/g, (_, second) => `:${two((Number(second) * 7) % 60)}Z`), 0.7],
    [
      "records as lines of JSON",
      orders(200)
        .map((order) => JSON.stringify(order))
        .join("\n"),
      0.58,
    ],
    ["indented JSON", JSON.stringify(orders(3), null, 4), 0.3],
  ])("%s takes less", (_, text, least) => {
    expect(savedShare(text)).toBeGreaterThan(least);
  });

  test("says how to read it in its first line", () => {
    const { text } = writeLossless(JSON.stringify({ total: 200, orders: orders(200) }), countTokens);
    const [legend, skeleton, heading] = text.split("\n");
    expect(legend).toMatch(/^#lossless json: "@1" stands for the table below/);
    expect(skeleton).toBe('{"total":200,"orders":"@1"}');
    expect(heading).toMatch(/^@1 200 rows \{"id":\["\{10000\+1\}"\],"customer":"\{/);
  });

  test("times and numbers at a fixed distance are said once", () => {
    const rows = Array.from({ length: 50 }, (_, row) => ({
      day: new Date(Date.UTC(2024, 1, 1 + row)).toISOString().slice(0, 10),
      n: 7 - row,
      name: "x",
    }));
    const { text } = writeLossless(JSON.stringify(rows), countTokens);
    expect(text).toContain('"day":"{2024-02-01 +86400s}"');
    expect(JSON.parse(restoreText(text))).toEqual(rows);
  });

  test.each([
    ["a rule", log],
    ["milliseconds", log.replaceAll("Z", ".000Z")],
    ["running backwards", log.split("\n").reverse().join("\n")],
    ["all the same", log.replaceAll(/T10:\d\d:\d\d/g, "T10:00:00")],
    ["no rule", log.replace("T10:05:00Z", "T10:05:01Z")],
    ["another format in one line", log.replace("T10:05:00Z", " 10:05:00")],
    ["a line without a time", log.replace("\n", "\n  at main (a.ts:1:2)\n")],
    ["lines that go on with @", log.replaceAll("Z INFO", "Z@INFO")],
    ["a day that no month has", log.replaceAll("2026-05-01T", "2026-02-31T")],
    ["hours beyond the day", log.replaceAll("T10:", "T24:")],
    ["CRLF, terminated", `${log.replaceAll("\n", "\r\n")}\r\n`],
    ["few lines", log.split("\n").slice(0, 9).join("\n")],
  ])("times at the beginning of lines come back: %s", (_, text) => {
    expect(restoreText(writeLossless(text, countTokens).text)).toBe(text);
  });

  test("times that follow a rule are told once, and in full every so often", () => {
    const { text, kind } = writeLossless(log, countTokens);
    expect(kind).toBe("times");
    expect(text).toContain("\n2026-05-01T10:00:00Z +1s\n");
    expect(text.split("\n").filter((line) => line.startsWith("@2026-")).length).toBe(1000 / 25 - 1);
  });

  test("lines of one kind have one template, whatever their identifiers are made of", () => {
    const { text } = writeLossless(requests, countTokens);
    const templates = text.split("\n=\n")[0]?.match(/^[A-Z]=/gm);
    // Five kinds; an identifier of nothing but digits or letters makes another one now and then.
    expect(templates?.length).toBeLessThan(10);
    expect(restoreText(text)).toBe(requests);
  });

  test("numbers keep their digits", () => {
    const source = JSON.stringify(orders(5)).replaceAll('"id":1000', '"id":25122920421210000');
    expect(restoreText(writeLossless(source, countTokens).text)).toContain('"id":251229204212100000,');
  });

  test("JSON with a key twice is text", () => {
    const source = `[${'{"a":1,"a":2,"status":"shipped"},'.repeat(40)}{"a":3}]`;
    expect(restoreText(writeLossless(source, countTokens).text)).toBe(source);
  });

  test("prose is left alone, and a text that looks written is written as it is", () => {
    const prose = "The limit was raised to 20 MB.\nThe colour of the logo is now blue.\n";
    expect(writeLossless(prose, countTokens)).toEqual({ text: prose, kind: "plain" });
    const copy = writeLossless(log, countTokens).text;
    expect(restoreText(writeLossless(copy, countTokens).text)).toBe(copy);
  });

  test("a text that begins like a written one and is none is an error", () => {
    expect(() => restoreText("#lossless tables: x\n\ny")).toThrow(SyntaxError);
    expect(() => restoreText("#lossless lines: x\n\nno templates")).toThrow(SyntaxError);
  });
});
