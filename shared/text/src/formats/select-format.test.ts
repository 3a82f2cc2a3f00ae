import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import type { OutputFormat } from "@nocp/contracts/request.ts";
import { outputFormats } from "@nocp/contracts/request.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { describe, expect, it } from "vitest";
import { equalValues } from "./equal-values.ts";
import { loadFormats } from "./load-formats.ts";
import { selectFormat } from "./select-format.ts";

const formats = await loadFormats();
const counter = createTokenCounter("gpt-4o");
const parse = (name: OutputFormat, text: string): unknown => formats.find((format) => format.name === name)?.parse(text);

const repositories = Array.from({ length: 60 }, (_, rank) => ({
  id: 28457823 + rank * 7919,
  name: `project-${rank}`,
  repo: `owner-${rank % 7}/project-${rank}`,
  description: `A framework, the ${rank}th of its kind`,
  stars: 430_000 - rank * 3101,
  archived: rank % 9 === 0,
  license: rank % 4 === 0 ? null : "MIT",
  pushedAt: `2026-0${(rank % 9) + 1}-12T08:15:30Z`,
}));
const orders = repositories.slice(0, 12).map(({ id, name }, at) => ({
  orderId: `#W${id}`,
  customer: { name, address: { city: "Rome", zip: "00184" } },
  items: Array.from({ length: (at % 3) + 1 }, (_, item) => ({ sku: `S${item}`, price: item * 9.99, options: { size: "M" } })),
  notes: at % 2 ? ["urgent"] : [],
}));
const mixed = [1, "two", { three: [3, { four: null }] }, [], {}, true, "5", "a,b\nc"];
const config = {
  server: { http: { port: 8080, tls: { enabled: true, versions: ["1.2", "1.3"] } }, limits: { body: "1mb" } },
  features: { search: { enabled: true }, billing: { enabled: false, plan: null } },
};
const values: Readonly<Record<string, unknown>> = {
  repositories,
  orders,
  mixed,
  config,
  empty: [],
  nothing: null,
  text: "An answer.",
};

describe("selecting a format", () => {
  for (const [name, value] of Object.entries(values)) {
    it(`takes the fewest tokens of those that give ${name} back, never more than compact JSON`, () => {
      const selected = selectFormat(value, formats, counter);
      expect(equalValues(parse(selected.format, selected.text), value)).toBe(true);
      expect(selected.tokens).toBe(counter.count(selected.text));
      expect(selected.tokens).toBeLessThanOrEqual(counter.count(JSON.stringify(value)));
    });
  }

  it("takes CSV for a uniform table, at least 30 % below compact JSON", () => {
    const selected = selectFormat(repositories, formats, counter);
    expect(selected.format).toBe("csv");
    expect(selected.tokens).toBeLessThan(0.7 * counter.count(JSON.stringify(repositories)));
  });

  it("states the tokens of every format, and null where one cannot hold the value", () => {
    const { alternatives } = selectFormat(orders, formats, counter);
    expect(Object.keys(alternatives).sort()).toEqual([...outputFormats].sort());
    expect(alternatives).toMatchObject({ csv: null, markdown: null, text: null, json: counter.count(JSON.stringify(orders)) });
  });

  it("takes the format asked for even where another is shorter", () => {
    const selected = selectFormat(repositories, formats, counter, "markdown");
    expect(selected.format).toBe("markdown");
    expect(equalValues(parse("markdown", selected.text), repositories)).toBe(true);
  });

  it("falls back to the fewest tokens when the format asked for cannot hold the value", () => {
    const selected = selectFormat(config, formats, counter, "csv");
    expect(selected.format).not.toBe("csv");
    expect(selected.alternatives.csv).toBeNull();
  });

  it("keeps a field named __proto__, and none is invented", () => {
    const value: unknown = JSON.parse('[{"__proto__":"x","a":1},{"__proto__":"y","a":2}]');
    for (const asked of ["json", "jsonl", "csv", "markdown", "toon", "auto"] as const) {
      const selected = selectFormat(value, formats, counter, asked);
      expect(equalValues(parse(selected.format, selected.text), value)).toBe(true);
    }
    expect(Object.getPrototypeOf({}).a).toBeUndefined();
  });

  it("refuses a format whose text would not survive UTF-8", () => {
    expect(selectFormat("half a pair: \ud800", formats, counter)).toMatchObject({ format: "json", alternatives: { text: null } });
  });

  it("refuses a format that writes something else than it reads", () => {
    const liar = { name: "text" as const, mediaType: "text/plain", render: () => "", parse: (text: string) => text };
    expect(selectFormat({ a: 1 }, [liar, ...formats.slice(1)], counter).format).not.toBe("text");
  });

  it("writes a value nested deeper than the stack as JSON", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 20_000; level++) deep = [deep];
    const text = `${"[".repeat(20_000)}1${"]".repeat(20_000)}`;
    expect(selectFormat(deep, formats, counter)).toMatchObject({ format: "json", text });
  });

  it("says so when no format holds the value", () => {
    const textAlone = formats.filter(({ name }) => name === "text");
    expect(() => selectFormat({ a: 1 }, textAlone, counter)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });

  it("keeps numbers of more digits than a double holds, in every format that can", () => {
    const source = JSON.stringify(Array.from({ length: 20 }, (_, at) => ({ id: at, big: "@", code: "98765432109876543210" })));
    const value = parseExactly(source.replaceAll('"@"', "12345678901234567890"));
    for (const asked of ["json", "jsonl", "csv", "markdown"] as const) {
      const selected = selectFormat(value, formats, counter, asked);
      expect(selected.format).toBe(asked);
      expect(JSON.stringify(parse(asked, selected.text))).toBe(JSON.stringify(value));
    }
    expect(selectFormat(value, formats, counter)).toMatchObject({ format: "csv", alternatives: { toon: null } });
    expect(selectFormat(value, formats, counter, "csv").text).toContain('\n0,12345678901234567890,"98765432109876543210"\n');
    for (const alone of ["12345678901234567890", '{"rawJSON":12345678901234567890}', '{"a":[12345678901234567890,1]}']) {
      const { format, text } = selectFormat(parseExactly(alone), formats, counter);
      expect([format, text]).toEqual(["json", alone]);
    }
  });
});

describe("equal values", () => {
  it("have the same types, whatever the order of their keys", () => {
    expect(equalValues({ a: 1, b: [null, "x"] }, { b: [null, "x"], a: 1 })).toBe(true);
    for (const [left, right] of [
      [1, "1"],
      [null, ""],
      [[], {}],
      [{ a: 1 }, { b: 1 }],
      [{ a: 1 }, { a: 1, b: 2 }],
      [[1], [1, 1]],
      [{ a: undefined }, {}],
      [0, false],
      [JSON.parse('{"__proto__":{}}'), {}],
      [parseExactly("12345678901234567890"), { rawJSON: "12345678901234567890" }],
      [parseExactly("12345678901234567890"), parseExactly("12345678901234567891")],
    ]) {
      expect(equalValues(left, right)).toBe(false);
      expect(equalValues(right, left)).toBe(false);
    }
  });
});
