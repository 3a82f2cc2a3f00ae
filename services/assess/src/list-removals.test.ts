// Every mark in a prompt is in the list of what was removed, and the list says the truth about the original.
import type { RemovedPart } from "@nocp/contracts/accounting.ts";
import type { ContextItem, DocumentItem } from "@nocp/contracts/context-item.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { parseReference } from "@nocp/runtime/stores/archive/reference.ts";
import { describe, expect, test } from "vitest";
import { createCompressor } from "./compress.ts";
import { loadStrategies } from "./load-strategies.ts";

const counter = createTokenCounter("gpt-4o");
const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter });
const compress = (items: readonly ContextItem[], query: string, more: object = {}) =>
  compressor.compress({
    ...{ query, items, mode: "auto", explain: true },
    archiveScope: { tenant: "default", kind: "request", id: "r" },
    ...more,
  });

const sentence = (about: string, at: number): string =>
  `The ${about} number ${at} was checked by team ${at % 7} and was found to be in good order after ${at * 3} days.`;
const handbook = Array.from(
  { length: 12 },
  (_, section) =>
    `# Part ${section}\n\n${Array.from({ length: 4 }, (_, at) => `## Chapter ${section}.${at}\n\n${sentence(`valve ${section}`, at)} ${sentence(`pump ${section}`, at)}\n\n- first entry ${section}.${at}\n- second entry ${section}.${at}\n`).join("\n")}`,
).join("\n");
const handbookItem: DocumentItem = { kind: "document", id: "handbook", title: "handbook.md", text: handbook };
const orders = Array.from({ length: 120 }, (_, at) => ({
  id: 1000 + at,
  customer: `customer ${at % 9}`,
  note: at % 5 === 0 ? sentence("parcel", at).repeat(3) : `note ${at}`,
  tags: Array.from({ length: 30 }, (_, tag) => `tag-${at}-${tag}`),
}));
const log = Array.from({ length: 400 }, (_, at) =>
  at === 217
    ? "2026-05-01T10:03:37Z ERROR payment 8812 failed: gateway answered 502"
    : `2026-05-01T10:${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}Z INFO worker ${at % 8} wrote ${at * 7} rows`,
).join("\n");
const tool = (id: string, name: string, data: unknown): ContextItem => ({ kind: "tool", id, name, data: data as never });
const turns = Array.from({ length: 40 }, (_, at): ContextItem => {
  const text = `${sentence("crane", at)} ${sentence("barge", at)} The code is K-${at * 37}.`;
  return { kind: "message", id: `m${at}`, role: at % 2 === 0 ? "user" : "assistant", text };
});

/** What stands in a prompt in place of something. The texts of these tests have none of their own. */
const markPattern =
  /\[…\d*\]|\[\d+ of \d+\]|(?<![\w[])…(?!\w)|↳ ×\d+[^\n]*|\[(?:nearly )?the same [^\]\n]*\]|\[earlier result left out: [^\]\n]*\]/g;
const marksIn = (text: string): string[] => (text.match(markPattern) ?? []).sort();
const marksOf = (parts: readonly RemovedPart[]): string[] =>
  parts.flatMap(({ mark, marks }) => Array.from({ length: marks }, () => mark)).sort();

const repeated = Array.from({ length: 8 }, (_, at) => sentence("bridge", at)).join(" ");
const cases: readonly (readonly [string, readonly ContextItem[], string, object])[] = [
  ["a document", [handbookItem], "Who checked pump 7 number 2?", {}],
  ["a tool's text", [tool("t", "file.read", handbook)], "Who checked pump 7 number 2?", { targetRatio: 0.2 }],
  ["a table", [tool("t", "orders", orders)], "Which note has order 1042?", { targetRatio: 0.1 }],
  ["rows with columns left out", [tool("t", "orders", orders)], "List the customer of every order.", { targetRatio: 0.2 }],
  [
    "long strings in fields",
    [
      tool("t", "search", [
        { title: "a", body: handbook },
        { title: "b", body: handbook },
      ]),
    ],
    "pump 7?",
    {},
  ],
  ["a log", [tool("t", "shell.run", log)], "Why did payment 8812 fail?", { targetRatio: 0.1 }],
  ["a conversation", turns, "What was the crane number 4?", { targetRatio: 0.3 }],
  [
    "repetitions",
    [handbookItem, { ...handbookItem, id: "again" }, { kind: "document", id: "c", title: "C", text: repeated }],
    "pump 3?",
    { targetRatio: 0.9 },
  ],
  [
    "old results",
    Array.from(
      { length: 9 },
      (_, at) => ({ ...tool(`r${at}`, "orders.search", orders.slice(at, at + 9)), round: at + 1 }) as ContextItem,
    ),
    "?",
    { turns: 40 },
  ],
];

describe("every mark in the prompt is in the list", () => {
  test.each(cases)("%s", async (_, items, query, more) => {
    const { pieces, removals = [], text } = await compress(items, query, more);
    expect(removals.length).toBeGreaterThan(0);
    expect(marksIn(text).length).toBeGreaterThan(0);
    for (const piece of pieces) {
      const removal = removals.find(({ itemId }) => itemId === piece.itemId);
      expect([piece.itemId, removal === undefined]).toEqual([piece.itemId, !piece.removed]);
      expect(marksIn(piece.text)).toEqual(marksOf(removal?.parts ?? []));
    }
    expect(marksIn(text.replace(/\n\[shortened: .*/, ""))).toEqual(marksOf(removals.flatMap(({ parts }) => parts)));
  });

  test.each(cases)("and each entry says what took it, why, and what fetches it: %s", async (_, items, query, more) => {
    const { removals = [], strategies, bundle } = await compress(items, query, more);
    for (const { itemId, strategy, why, ref, parts } of removals) {
      const report = strategies.find((one) => one.strategy === strategy && one.itemIds.includes(itemId));
      expect(report?.justification).toContain(why);
      const { bundle: reference, position } = parseReference(ref ?? "");
      expect(reference).toBe(bundle?.reference);
      expect(bundle?.originals[position ?? -1]?.itemId).toBe(itemId);
      expect(parts.length).toBeGreaterThan(0);
    }
  });
});

describe("the list tells the truth about the text", () => {
  test("lines that it names are gone, all others are there, and their parents are theirs", async () => {
    const { pieces, removals } = await compress([handbookItem], "Who checked pump 7 number 2?");
    const lines = handbook.split("\n");
    const gone = new Set<number>();
    for (const { what, under } of removals?.[0]?.parts ?? []) {
      const [, from, to] = /^lines (\d+) to (\d+)$/.exec(what) ?? /^in line ((\d+))$/.exec(what) ?? [];
      for (let line = Number(from); line <= Number(to); line++) if (what.startsWith("lines")) gone.add(line);
      const above = lines.slice(0, Number(from));
      for (const name of under) expect(above).toContain(name);
    }
    const left = pieces[0]?.text.split("\n") ?? [];
    lines.forEach((line, at) => {
      // A heading is named again above what is kept of its chapter.
      if (line.trim() === "" || line.startsWith("#")) return;
      const isLeft = left.includes(line);
      if (isLeft) expect([line, gone.has(at + 1)]).toEqual([line, false]);
      else
        expect([line, gone.has(at + 1) || (removals?.[0]?.parts ?? []).some(({ what }) => what === `in line ${at + 1}`)]).toEqual(
          [line, true],
        );
    });
    expect(gone.size).toBeGreaterThan(100);
  });

  test("values of a table are counted by their field", async () => {
    const { removals } = await compress([tool("t", "orders", orders)], "Which note has order 1042?", { targetRatio: 0.1 });
    const ids = removals?.[0]?.parts.find(({ mark, under }) => mark === "" && under.join(".") === "id");
    expect(ids?.what).toMatch(/^\d+ of 120 values$/);
  });

  test("is not made unless it is asked for, and nothing is listed where nothing was removed", async () => {
    expect((await compress([handbookItem], "pump 7?", { explain: false })).removals).toBeUndefined();
    expect((await compress([{ ...handbookItem, text: "short" }], "pump 7?")).removals ?? []).toEqual([]);
    expect((await compress([handbookItem], "pump 7?", { mode: "lossless" })).removals ?? []).toEqual([]);
  });
});
