// A copy goes, and can be had back; a copy in which one number, name or negation is another stays.
import { createCompressor } from "@nocp/assess/compress.ts";
import deduplication from "@nocp/assess/compression-strategies/deduplication.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import { measureItems } from "@nocp/assess/measure-items.ts";
import type { ArchiveScope } from "@nocp/contracts/archive.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { originalsOf, readBundle, textOfOriginal } from "@nocp/runtime/stores/archive/bundle.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const counter = createTokenCounter("gpt-4o");
const scope: ArchiveScope = { tenant: "acme", kind: "session", id: "s-1" };

/** Sentences of a template, so that any value stands elsewhere in the text as well, among the same words. */
interface Language {
  readonly names: readonly string[];
  readonly sentence: (from: string, to: string, amount: number, isNegated: boolean) => string;
}

const languages: readonly Language[] = [
  {
    names: ["Alice", "Bob", "al", "Li"],
    sentence: (from, to, amount, isNegated) =>
      `By the terms of this part ${from} does ${isNegated ? "not " : ""}owe ${to} the sum of ${amount} euros.`,
  },
  {
    names: ["Jörg", "Änne", "Österreich"],
    sentence: (from, to, amount, isNegated) => `${from} zahlt ${isNegated ? "nicht " : ""}an ${to}, und zwar ${amount} Euro.`,
  },
  { names: ["王伟", "李娜", "王小伟"], sentence: (from, to, amount, no) => `${from}${no ? "不" : ""}向${to}支付${amount}元。` },
  { names: ["田中", "田村"], sentence: (from, to, amount, no) => `${from}は${to}に${amount}円を${no ? "払わない" : "払う"}。` },
  { names: ["สมชาย", "สมหญิง"], sentence: (from, to, amount, no) => `${from}${no ? "ไม่" : ""}จ่ายเงินให้${to}${amount}บาท` },
];

interface Clause {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
  readonly isNegated: boolean;
}

const clauses = fc.array(
  fc.record({ from: fc.nat(1), to: fc.nat(1), amount: fc.integer({ min: 1, max: 9 }), isNegated: fc.boolean() }),
  { minLength: 8, maxLength: 30 },
);
const change = fc.constantFrom<(clause: Clause) => Clause>(
  (clause) => ({ ...clause, from: 1 - clause.from }),
  (clause) => ({ ...clause, to: 1 - clause.to }),
  (clause) => ({ ...clause, amount: (clause.amount % 9) + 1 }),
  (clause) => ({ ...clause, isNegated: !clause.isNegated }),
);
const language = fc.constantFrom(...languages);

const proseOf = ({ names, sentence }: Language, all: readonly Clause[], gap: string): string =>
  all.map(({ from, to, amount, isNegated }) => sentence(`${names[from]}`, `${names[to]}`, amount, isNegated)).join(gap);
const tableOf = ({ names }: Language, all: readonly Clause[]) =>
  all.map(({ from, to, amount, isNegated }, id) => ({ id, from: names[from], to: names[to], amount, due: !isNegated }));

const changedAt = (all: readonly Clause[], place: number, changeOne: (clause: Clause) => Clause): Clause[] =>
  all.map((clause, at) => (at === place % all.length ? changeOne(clause) : clause));

const document = (id: string, text: string): ContextItem => ({ kind: "document", id, title: `Document ${id}`, text });
const result = (id: string, data: object[]): ContextItem => ({ kind: "tool", id, name: `tool.${id}`, data }) as ContextItem;
const run = async (items: readonly ContextItem[]) =>
  (await deduplication.compress({ items: measureItems(items, counter), query: "", budgetTokens: 0, counter })).pieces;

describe("deduplication", () => {
  it("keeps a document or table in which a single number, name or negation is another", async () => {
    await fc.assert(
      fc.asyncProperty(language, clauses, fc.nat(), change, fc.constantFrom(" ", "\n"), async (spoken, all, place, one, gap) => {
        const other = changedAt(all, place, one);
        const items = [
          document("a", proseOf(spoken, all, " ")),
          document("b", proseOf(spoken, other, gap)),
          result("a", tableOf(spoken, all)),
          result("b", tableOf(spoken, other)),
        ];
        for (const { removed } of await run(items)) expect(removed).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps the passage in which it is another, and drops the others", async () => {
    await fc.assert(
      fc.asyncProperty(clauses, fc.nat(), change, async (all, place, one) => {
        const english = languages[0] as Language;
        const lengthened = (some: readonly Clause[]) =>
          some.map((clause, at) => `Part ${at} of the agreement is this. ${proseOf(english, [clause], "")} `.repeat(3).trim());
        const before = lengthened(all);
        const after = lengthened(changedAt(all, place, one));
        const [, piece] = await run([document("a", before.join("\n\n")), document("b", after.join("\n\n"))]);
        const kept = after.map((passage) => piece?.text.includes(passage));
        expect(kept).toEqual(after.map((_, at) => at === place % all.length));
      }),
      { numRuns: 100 },
    );
  });

  it("drops copies, also those wrapped otherwise, and what it drops is in the archive", async () => {
    const { compress } = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter });
    await fc.assert(
      fc.asyncProperty(language, clauses, fc.constantFrom(" ", "\n"), async (spoken, all, gap) => {
        const table = tableOf(spoken, all);
        const items = [
          document("a", proseOf(spoken, all, " ")),
          document("b", proseOf(spoken, all, gap)),
          result("c", table),
          result("d", table),
        ];
        const pieces = await run(items);
        expect(pieces.map(({ removed }) => removed)).toEqual([false, true, false, true]);
        expect(pieces[1]?.text).toBe(`Document b\n[${gap === " " ? "" : "nearly "}the same as "Document a"]`);
        expect(pieces[3]?.text).toBe('tool.d: "[the same as the result of tool.c]"');
        const { bundle } = await compress({ query: "", items, targetRatio: 0.9, mode: "auto", archiveScope: scope });
        const stored = bundle && readBundle(bundle.reference, new Uint8Array(bundle.bytes));
        const originals = new Map(
          (stored ? originalsOf(stored) : []).map((original) => [original.itemId, textOfOriginal(original)]),
        );
        expect(originals.get("b")).toBe(proseOf(spoken, all, gap));
        expect(originals.get("d")).toBe(JSON.stringify(table));
      }),
      { numRuns: 100 },
    );
  });
});
