// What repeats, and old results of tools: taken away before anything is cut to size.

import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { describe, expect, test } from "vitest";
import { expectLinearWork } from "../../../test/linear-work.ts";
import { createCompressor } from "./compress.ts";
import deduplication from "./compression-strategies/deduplication.ts";
import observationMasking from "./compression-strategies/observation-masking.ts";
import { loadStrategies } from "./load-strategies.ts";
import { measureItems } from "./measure-items.ts";
import { findRepetitions } from "./text/find-repetitions.ts";
import { fingerprintOf, withoutLayout } from "./text/without-layout.ts";

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
  const units = (texts: readonly string[]) =>
    texts.map((text, owner) => ({ text, owner, fingerprint: fingerprintOf(text), wording: () => withoutLayout(text) }));
  const texts = (...all: string[]) => findRepetitions(units(all));
  const bridge = passage("bridge over the river", 1907);

  test.each([
    ["the same text", bridge, bridge, true],
    ["other blanks", bridge, bridge.replaceAll(" ", "\n").replace("\n", "  ").replace("\n", "\u00a0"), false],
    ["other dashes and quotation marks", `"It's here" - ${bridge}`, `“It’s here” – ${bridge}`, false],
  ])("%s repeats", (_, earlier, text, exact) => {
    expect(texts(earlier, text).map(({ unit, kept, isExact }) => [unit.owner, kept.owner, isExact])).toEqual([[1, 0, exact]]);
  });

  test.each([
    ["another year", bridge, passage("bridge over the river", 1908)],
    ["another subject", bridge, passage("tunnel under the river", 1907)],
    ["a negation", bridge, bridge.replace("was opened", "was not opened")],
    ["a negation less", `No ${bridge}`, bridge],
    ["another count", bridge, bridge.replace("four times", "five times")],
    ["more than it", bridge, `${bridge} Twelve people fell into the water.`],
    ["a part of it", bridge, bridge.slice(bridge.indexOf("Work began"))],
    ["swapped names", `Alice compensates Bob. ${bridge}`, `Bob compensates Alice. ${bridge}`],
    ["swapped short names in small letters", `${bridge} then bob paid al`, `${bridge} then al paid bob`],
    ["swapped names in Chinese", "王伟把房子卖给了李娜。双方同意。".repeat(9), "李娜把房子卖给了王伟。双方同意。".repeat(9)],
    ["a negation in Chinese", "公司赔偿客户的损失。".repeat(9), `公司不赔偿客户的损失。${"公司赔偿客户的损失。".repeat(8)}`],
    ["a changed name in Japanese", "田中さんは東京で契約に署名した。".repeat(9), "田村さんは東京で契約に署名した。".repeat(9)],
    ["a negation in Thai", "บริษัทจ่ายเงินให้ลูกค้า".repeat(9), `บริษัทไม่จ่ายเงินให้ลูกค้า${"บริษัทจ่ายเงินให้ลูกค้า".repeat(8)}`],
    ["a sign", `${bridge} Balance: 5.`, `${bridge} Balance: -5.`],
    ["an operator", `if (a < b) { ${bridge} }`, `if (a > b) { ${bridge} }`],
    ["a comma that turns a sentence round", `No, refunds are given. ${bridge}`, `No refunds are given. ${bridge}`],
    ["an identifier in another case", `orderId ${bridge}`, `orderID ${bridge}`],
    ["an indentation", `if late:\n    warn()\n    stop()\n${bridge}`, `if late:\n    warn()\nstop()\n${bridge}`],
    ["a figure in another column", `rent\t\t500\t\n${bridge}`, `rent\t500\t\t\n${bridge}`],
  ])("%s does not", (_, earlier, text) => {
    expect(texts(earlier, text)).toEqual([]);
  });

  test("are found with work in proportion to the number of texts", async () => {
    await expectLinearWork((count) => {
      const many = Array.from({ length: count }, (_, at) => passage(`bridge number ${at % (count / 2)}`, 1900 + (at % 7)));
      const found = findRepetitions(units(many));
      expect(found.every(({ unit, kept }) => unit.text === kept.text)).toBe(true);
    }, 2000);
  });

  test("so are those of long texts that differ at the end alone", async () => {
    const padding = "x".repeat(40_000);
    await expectLinearWork((count) => {
      const many = Array.from({ length: count }, (_, at) => Buffer.from(`${padding}${1000 + (at % (0.9 * count))}`).toString());
      const found = findRepetitions(
        many.map((text, owner) => ({ text, owner, fingerprint: fingerprintOf(text), wording: () => text })),
      );
      expect(found).toHaveLength(Math.floor(0.1 * count));
    }, 200);
  });
});

describe("deduplication", () => {
  const bridge = passage("bridge", 1907);
  const tunnel = passage("tunnel", 1931);
  const result = (name: string, data: unknown, at: number): ContextItem =>
    ({ kind: "tool", id: `t${at}`, name, data }) as ContextItem;
  const textsOf = async (items: readonly ContextItem[]) => (await run(deduplication, items)).pieces.map(({ text }) => text);

  test("drops a whole document that repeats one, and points to it by its title", async () => {
    const { pieces, justification } = await run(deduplication, [document("a", "Bridge", bridge), document("b", "Copy", bridge)]);
    expect(pieces[0]).toMatchObject({ text: `Bridge\n${bridge}`, removed: false });
    expect(pieces[1]).toMatchObject({ text: 'Copy\n[the same as "Bridge"]', removed: true });
    expect(justification).toBe("1 of 2 items and 0 passages repeat others");
  });

  test("says that a document is nearly the same where its layout differs", async () => {
    const wrapped = bridge.replaceAll(", ", ",\n");
    expect((await textsOf([document("a", "Bridge", bridge), document("b", "Copy", wrapped)]))[1]).toBe(
      'Copy\n[nearly the same as "Bridge"]',
    );
    const three = [document("a", "Bridge", bridge), document("b", "Bridge", wrapped), document("c", "Copy", wrapped)];
    expect((await textsOf(three)).slice(1)).toEqual([
      "Bridge\n[nearly the same again]",
      'Copy\n[nearly the same as document 1 titled "Bridge"]',
    ]);
  });

  test("drops passages of a document and keeps what stands between them", async () => {
    const mixed = `An opening of its own.\n\n${bridge}\n\n${tunnel}\n\nA closing of its own.`;
    expect((await textsOf([document("a", "Works", `${bridge}\n\n${tunnel}`), document("b", "Letter", mixed)]))[1]).toBe(
      'Letter\nAn opening of its own.\n\n[the same as passages 1–2 of "Works"]\n\nA closing of its own.',
    );
  });

  test("says which passages they are, so that one left out or moved is seen", async () => {
    const clause = (at: number) => passage(`clause ${at}`, 1900 + at);
    const contract = [1, 2, 3, 4, 5].map(clause);
    const items = [
      document("a", "Contract", contract.join("\n\n")),
      document("b", "Without the third", [1, 2, 4, 5].map(clause).join("\n\n")),
      document("c", "Without the last", [1, 2, 3, 4].map(clause).join("\n\n")),
    ];
    expect((await textsOf(items)).slice(1)).toEqual([
      'Without the third\n[the same as passages 1–2 of "Contract"]\n\n[the same as passages 4–5 of "Contract"]',
      'Without the last\n[the same as passages 1–4 of "Contract"]',
    ]);
  });

  test("finds a whole document among the passages of another", async () => {
    const items = [document("a", "Works", `${tunnel}\n\n${bridge}`), document("b", "Snippet", bridge)];
    expect((await textsOf(items))[1]).toBe('Snippet\n[the same as passage 2 of "Works"]');
  });

  test("names what has no title by how it begins, and numbers what shares its name", async () => {
    const other = `${bridge} It fell down.`;
    expect((await textsOf([document("a", "", bridge), document("b", "Copy", bridge)]))[1]).toBe(
      'Copy\n[the same as the document that begins "The bridge was planned for eleven years…"]',
    );
    expect((await textsOf([document("a", "", bridge), document("b", "", other), document("c", "", other)]))[2]).toBe(
      '[the same as document 2 that begins "The bridge was planned for eleven years…"]',
    );
    expect((await textsOf([document("a", "T", bridge), document("b", "T", other), document("c", "T", bridge)]))[2]).toBe(
      'T\n[the same as document 1 titled "T"]',
    );
  });

  test("leaves documents with swapped names or numbers, and results with one other cell, alone", async () => {
    const clauses = Array.from({ length: 20 }, (_, at) => passage(`clause ${at}`, 1900 + at)).join(" ");
    const prices = (cheap: number) =>
      Array.from({ length: 40 }, (_, at) => ({ sku: `SKU-${at}`, price: at === 5 ? cheap : 29.99 + at }));
    const items = [
      document("a", "Contract 1", `Alice compensates Bob for 500 euros. ${clauses}`),
      document("b", "Contract 2", `Bob compensates Alice for 500 euros. ${clauses}`),
      document("c", "old.ts", `const from = 10, to = 20; ${clauses}`),
      document("d", "new.ts", `const from = 20, to = 10; ${clauses}`),
      result("shop_a.list", prices(29.99), 1),
      result("shop_b.list", prices(9.99), 2),
    ];
    const { pieces } = await run(deduplication, items);
    expect(pieces.map(({ removed }) => removed)).toEqual(items.map(() => false));
  });

  test("keeps every state of a polled result, and says when a call gave the same again", async () => {
    const state = (status: string) => Array.from({ length: 20 }, (_, id) => ({ id, status: id === 7 ? status : "sent" }));
    const [pending, shipped] = [state("pending"), state("shipped")];
    const texts = await textsOf([pending, pending, shipped, shipped, pending].map((data, at) => result("job.get", data, at)));
    expect(texts).toEqual([
      `job.get: ${JSON.stringify(pending)}`,
      'job.get: "[the same again]"',
      `job.get: ${JSON.stringify(shipped)}`,
      'job.get: "[the same again]"',
      'job.get: "[the same as result 1 of job.get]"',
    ]);
    expect((await textsOf([result("shop_a.list", pending, 1), result("shop_b.list", pending, 2)]))[1]).toBe(
      'shop_b.list: "[the same as the result of shop_a.list]"',
    );
  });

  test("leaves messages alone: the last one counts, also where an earlier one said the same", async () => {
    const items = [bridge, tunnel, bridge].map(
      (text, at): ContextItem => ({ kind: "message", id: `m${at}`, role: "user", text: `Send it to: ${text}` }),
    );
    const { text } = await compressor.compress({ query: "Where to?", items, mode: "auto" });
    expect(text.trimEnd().endsWith(`Send it to: ${bridge}`)).toBe(true);
    expect(text).not.toContain("the same");
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

describe("the sentence of a report counts what its figures count", () => {
  const same = document("a", "Bridges", Array.from({ length: 9 }, (_, at) => passage(`bridge ${at}`, 1900 + at)).join("\n\n"));
  const other = document("c", "Canals", Array.from({ length: 9 }, (_, at) => passage(`canal ${at}`, 1800 + at)).join("\n\n"));
  const turns = Array.from({ length: 14 }, (_, at): ContextItem => {
    const text = `${passage(`canal ${at}`, 1800 + at)} ${passage(`lock ${at}`, 1900 + at)}`;
    return { kind: "message", id: `m${at}`, role: at % 2 === 0 ? "user" : "tool", text };
  });
  const orders = (at: number) => Array.from({ length: 40 }, (_, row) => ({ id: at * 100 + row, status: "sent" }));
  const rounds = Array.from({ length: 9 }, (_, at): ContextItem => {
    return { kind: "tool", id: `r${at}`, name: "orders.search", data: orders(at), round: at + 1 };
  });
  const table: ContextItem = { kind: "tool", id: "t", name: "orders", data: orders(3) };

  test.each<[string, ContextItem[], object]>([
    ["repetitions", [same, { ...same, id: "b" }, other], {}],
    ["repetitions within a size", [same, { ...same, id: "b" }, other], { targetRatio: 0.4 }],
    ["results that the vendor has cached", rounds, {}],
    ["old results, sent often", rounds, { turns: 40 }],
    ["a conversation", turns, { strategies: ["observation-masking", "conversation-selection"] }],
    ["a table among documents", [table, same, other], {}],
  ])("%s", async (_, items, size) => {
    const { strategies: reports } = await compressor.compress({ query: "Who opened canal 5?", items, mode: "auto", ...size });
    const said = reports.flatMap(({ strategy, before, after, justification }) => {
      const [, saved, of] = /saves ([\d,]+) of ([\d,]+) tokens/.exec(justification) ?? [];
      const figures = [saved, of].map((text) => Number(text?.replaceAll(",", "")));
      return saved === undefined ? [] : [{ figures, expected: [strategy === "none" ? figures[0] : before - after, before] }];
    });
    expect(said.length).toBeGreaterThan(0);
    for (const { figures, expected } of said) expect(figures).toEqual(expected);
  });

  test("and says how much of it would have been taken anyway", async () => {
    const { strategies: reports } = await compressor.compress({
      query: "",
      items: [same, { ...same, id: "b" }, other],
      mode: "auto",
    });
    expect(reports[0]?.strategy).toBe("deduplication");
    expect(reports[0]?.justification).toMatch(/saves [\d,]+ of [\d,]+ tokens, of which [\d,]+ would be sent otherwise = /);
  });
});
