// What repeats, and old results of tools: taken away before anything is cut to size.
import { createCompressor } from "@nocp/assess/compress.ts";
import deduplication from "@nocp/assess/compression-strategies/deduplication.ts";
import observationMasking from "@nocp/assess/compression-strategies/observation-masking.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import { measureItems } from "@nocp/assess/measure-items.ts";
import { findRepetitions } from "@nocp/assess/text/find-repetitions.ts";
import type { ContextItem } from "@nocp/shared/contracts/context-item.ts";
import { createTokenCounter } from "@nocp/shared/tokens/create-token-counter.ts";
import { describe, expect, test } from "vitest";

const counter = createTokenCounter("gpt-4o");
const strategies = await loadStrategies();
const compressor = createCompressor({ strategies, counterFor: () => counter });

const passage = (topic: string, year: number): string =>
  `The ${topic} was planned for eleven years before anybody moved a stone, and the council voted on it four times. ` +
  `Work began in ${year} under three engineers who had never built anything larger than a barn, and it was opened by the mayor.`;

const document = (id: string, title: string, text: string): ContextItem => ({ kind: "document", id, title, text });
const run = (strategy: typeof deduplication, items: readonly ContextItem[]) =>
  strategy.compress({ items: measureItems(items, counter), query: "", budgetTokens: 0, counter });

describe("repetitions", () => {
  const texts = (...all: string[]) => findRepetitions(all.map((text, owner) => ({ text, owner })));
  const bridge = passage("bridge over the river", 1907);

  test.each([
    ["the same text", bridge],
    ["other blanks", bridge.replaceAll(" ", "\n  ")],
    ["other case and punctuation", bridge.toUpperCase().replaceAll(",", " -")],
    ["a part of it", bridge.slice(bridge.indexOf("Work began"))],
  ])("%s repeats", (_, text) => {
    expect(texts(bridge, text).map(({ unit, kept }) => [unit.owner, kept.owner])).toEqual([[1, 0]]);
  });

  test.each([
    ["another year", passage("bridge over the river", 1908)],
    ["another subject", passage("tunnel under the river", 1907)],
    ["a negation", bridge.replace("was opened", "was not opened")],
    ["another count", bridge.replace("four times", "five times")],
    ["more than it", `${bridge} Twelve people fell into the water.`],
  ])("%s does not", (_, text) => {
    expect(texts(bridge, text)).toEqual([]);
  });

  test("of ten thousand texts are found in a few seconds", () => {
    const many = Array.from({ length: 10_000 }, (_, at) => passage(`bridge number ${at % 5000}`, 1900 + (at % 7)));
    const started = performance.now();
    const found = findRepetitions(many.map((text, owner) => ({ text, owner })));
    expect(performance.now() - started).toBeLessThan(8000);
    expect(found.every(({ unit, kept }) => unit.text === kept.text)).toBe(true);
  });
});

describe("deduplication", () => {
  const bridge = passage("bridge", 1907);
  const tunnel = passage("tunnel", 1931);

  test("drops a whole document that repeats one, and points to it by its title", async () => {
    const { pieces, justification } = await run(deduplication, [document("a", "Bridge", bridge), document("b", "Copy", bridge)]);
    expect(pieces[0]).toMatchObject({ text: `Bridge\n${bridge}`, removed: false });
    expect(pieces[1]).toMatchObject({ text: 'Copy\n[the same as "Bridge"]', removed: true });
    expect(justification).toBe("1 of 2 items and 0 passages repeat others");
  });

  test("drops passages of a document and keeps what stands between them", async () => {
    const mixed = `An opening of its own.\n\n${bridge}\n\n${tunnel}\n\nA closing of its own.`;
    const { pieces } = await run(deduplication, [
      document("a", "Works", `${bridge}\n\n${tunnel}`),
      document("b", "Letter", mixed),
    ]);
    expect(pieces[1]?.text).toBe('Letter\nAn opening of its own.\n\n[repeated: see "Works"]\n\nA closing of its own.');
  });

  test("names what has no title by how it begins, and a result by its tool", async () => {
    const data = Array.from({ length: 20 }, (_, at) => ({ id: at, name: `row ${at}` }));
    const { pieces } = await run(deduplication, [
      document("a", "", bridge),
      { kind: "message", id: "m", role: "user", text: bridge },
      { kind: "tool", id: "t1", name: "orders.search", data },
      { kind: "tool", id: "t2", name: "orders.search", data },
    ]);
    expect(pieces[1]?.text).toBe('user: [the same as the document that begins "The bridge was planned for eleven years…"]');
    expect(pieces[3]?.text).toBe('orders.search: "[the same as an earlier result of orders.search]"');
  });

  test("leaves short and distinct texts alone", async () => {
    const items = [document("a", "", "Yes."), document("b", "", "Yes."), document("c", "", bridge), document("d", "", tunnel)];
    const { pieces } = await run(deduplication, items);
    expect(pieces.map(({ removed }) => removed)).toEqual([false, false, false, false]);
  });

  test("comes before the selection, which then has room for the rest", async () => {
    const other = Array.from({ length: 6 }, (_, at) => document(`o${at}`, `Work ${at}`, passage(`canal ${at}`, 1800 + at)));
    const items = [
      ...other,
      document("a", "Bridge", bridge),
      ...Array.from({ length: 5 }, (_, at) => document(`copy${at}`, "", bridge)),
    ];
    const result = await compressor.compress({ query: "canal", items, targetRatio: 0.7, mode: "auto" });
    expect(result.strategies.map(({ strategy }) => strategy)).toEqual(["deduplication", "none"]);
    expect(result.text.match(/planned for eleven years/g)).toHaveLength(7);
    expect(result.removed.map(({ item }) => item.id)).toEqual(["copy0", "copy1", "copy2", "copy3", "copy4"]);
  });
});

describe("observation masking", () => {
  const rows = (count: number) => Array.from({ length: count }, (_, at) => ({ id: at, status: "sent", note: `note ${at}` }));
  const round = (at: number): ContextItem => ({
    kind: "tool",
    id: `round-${at}:call`,
    name: "orders.search",
    data: rows(40 + at),
    round: at,
  });

  test("replaces old results by what they were and how large, three at a time, and keeps the last three", async () => {
    for (const [count, masked] of [
      [3, 0],
      [5, 0],
      [6, 3],
      [8, 3],
      [9, 6],
    ] as const) {
      const { pieces } = await run(
        observationMasking,
        Array.from({ length: count }, (_, at) => round(at + 1)),
      );
      expect(pieces.filter(({ removed }) => removed)).toHaveLength(masked);
      expect(pieces.slice(0, masked).every(({ removed }) => removed)).toBe(true);
    }
    const { pieces } = await run(
      observationMasking,
      Array.from({ length: 6 }, (_, at) => round(at + 1)),
    );
    expect(pieces[0]?.text).toMatch(/^orders\.search: \[earlier result left out: 41 rows of id, status, note, [\d,]+ tokens\]$/);
  });

  test("takes results in the conversation and in rounds, and nothing else", () => {
    const text = "x".repeat(10);
    expect(observationMasking.takes({ kind: "message", id: "m", role: "tool", text })).toBe(true);
    expect(observationMasking.takes({ kind: "message", id: "m", role: "orders.search", text, isToolResult: true })).toBe(true);
    expect(observationMasking.takes({ kind: "message", id: "m", role: "user", text })).toBe(false);
    expect(observationMasking.takes({ kind: "tool", id: "t", name: "orders.search", data: rows(3) })).toBe(false);
    expect(observationMasking.takes(document("d", "", text))).toBe(false);
  });

  test("of rounds that the vendor has cached is left out when it does not pay, with the numbers", async () => {
    const items = Array.from({ length: 6 }, (_, at) => round(at + 1));
    const { strategies: reports } = await compressor.compress({ query: "?", items, mode: "auto" });
    const report = reports.find(({ justification }) => justification.startsWith("observation-masking"));
    expect(report).toMatchObject({ strategy: "none", worth: { lostCache: expect.any(Number) } });
    expect(report?.worth?.lostCache).toBeGreaterThan(0);
    expect(report?.worth?.net).toBeLessThan(0);
  });

  test("of a conversation is left to strategies that know the question, unless it is named", async () => {
    const items = Array.from(
      { length: 12 },
      (_, at): ContextItem => ({
        kind: "message",
        id: `m${at}`,
        role: at % 2 === 0 ? "user" : "tool",
        text: `${passage(`canal ${at}`, 1800 + at)} ${passage(`lock ${at}`, 1900 + at)}`,
      }),
    );
    const named = async (strategies: string[] | undefined, size: object) =>
      (await compressor.compress({ query: "canal 5", items, strategies, mode: "auto", ...size })).strategies.map(
        ({ strategy }) => strategy,
      );
    expect(await named(undefined, { targetRatio: 0.5 })).not.toContain("observation-masking");
    expect(await named(undefined, { recallFloor: 0.9 })).not.toContain("observation-masking");
    expect(await named(["observation-masking", "conversation-selection"], { targetRatio: 0.9 })).toContain("observation-masking");
  });

  test("is done where the rounds will be sent often enough", async () => {
    const items = Array.from({ length: 12 }, (_, at) => round(at + 1));
    const { strategies: reports, pieces } = await compressor.compress({ query: "?", items, mode: "auto", turns: 40 });
    expect(reports[0]).toMatchObject({ strategy: "observation-masking" });
    expect(pieces[0]?.text).toContain("earlier result left out");
    expect(pieces[11]?.text).not.toContain("earlier result left out");
  });
});

test("the outcome of an old round stays when a new round comes, so that the vendor's cache of it holds", async () => {
  const rowsOf = (seed: number) =>
    Array.from({ length: 60 }, (_, at) => ({ id: at * seed, status: at % 9 === 0 ? "late" : "sent", note: `${seed}/${at}` }));
  const round = (at: number): ContextItem => ({ kind: "tool", id: `r${at}`, name: "orders", data: rowsOf(at), round: at });
  const items = [1, 2, 3].map(round);
  const after = async (count: number) =>
    (await compressor.compress({ query: "late orders", items: items.slice(0, count), mode: "auto" })).pieces;
  const three = await after(3);
  const two = await after(2);
  expect(three.slice(0, 2)).toEqual(two);
  expect(two[0]?.removed).toBe(true);
});
