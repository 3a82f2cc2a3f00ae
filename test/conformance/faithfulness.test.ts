// What survives compression still says what it said: lines stand below their own parents, pairs stay together, records whole.
import { createCompressor } from "@nocp/assess/compress.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import { codeCases } from "@nocp/benchmarks/faithfulness/code-cases.ts";
import { configurationCases } from "@nocp/benchmarks/faithfulness/configuration-cases.ts";
import { conversationCases } from "@nocp/benchmarks/faithfulness/conversation-cases.ts";
import { type FaithfulnessCase, judge } from "@nocp/benchmarks/faithfulness/faithfulness-case.ts";
import { languageCases } from "@nocp/benchmarks/faithfulness/language-cases.ts";
import { manualCases } from "@nocp/benchmarks/faithfulness/manual-cases.ts";
import { markupCases } from "@nocp/benchmarks/faithfulness/markup-cases.ts";
import { operationsCases } from "@nocp/benchmarks/faithfulness/operations-cases.ts";
import { proseCases } from "@nocp/benchmarks/faithfulness/prose-cases.ts";
import { reportedCases } from "@nocp/benchmarks/faithfulness/reported-cases.ts";
import { toolOutputCases } from "@nocp/benchmarks/faithfulness/tool-output-cases.ts";
import { createWords } from "@nocp/benchmarks/faithfulness/words.ts";
import type { ContextItem, ToolItem } from "@nocp/contracts/context-item.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { describe, expect, test } from "vitest";

const counter = createTokenCounter("gpt-4o");
const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter });

/** The ways in which a text comes. */
const forms: Readonly<Record<string, (sample: FaithfulnessCase) => ContextItem>> = {
  document: ({ name, text }) => ({ kind: "document", id: "document", title: name, text }),
  "a tool's text": ({ text }) => ({ kind: "tool", id: "tool", name: "shell.run", data: text }),
  "a file": ({ name, text }) => ({
    kind: "tool",
    id: "file",
    name: "file.read",
    data: { path: name, sizeBytes: text.length, content: text },
  }),
  "a field of a list": ({ name, text }) => ({
    kind: "tool",
    id: "list",
    name: "web.search",
    data: [
      { title: name, body: text },
      { title: "another", body: "Nothing was found in the other places that were looked at." },
    ],
  }),
};

const seeds = [3, 11, 29];

const families = {
  prose: proseCases,
  conversations: conversationCases,
  configuration: configurationCases,
  "tool output": toolOutputCases,
  code: codeCases,
  markup: markupCases,
  languages: languageCases,
  manuals: manualCases,
  operations: operationsCases,
  "reported elsewhere": reportedCases,
};

describe.each(Object.entries(families))("%s", (_, cases) => {
  test.each(Object.keys(cases))("%s", async (kind) => {
    const verdicts: string[] = [];
    for (const seed of seeds)
      for (const [form, itemOf] of Object.entries(forms)) {
        const sample = cases[kind]?.(createWords(seed * 101 + kind.length)) as FaithfulnessCase;
        const { text, rawTokens, optimizedTokens } = await compressor.compress({
          query: sample.query,
          items: [itemOf(sample)],
          mode: "auto",
        });
        const verdict = judge(sample.gold, text);
        if (verdict !== "right") verdicts.push(`${form}, seed ${seed}: ${verdict}: ${sample.query}`);
        // Whole texts would be faithful without any structure.
        if (optimizedTokens > 0.6 * rawTokens) verdicts.push(`${form}, seed ${seed}: ${optimizedTokens} of ${rawTokens} tokens`);
      }
    expect(verdicts).toEqual([]);
  });
});

describe("lists and maps of scalars that are cut", () => {
  const slugs = Array.from({ length: 300 }, (_, at) => `${createWords(at + 1).word()}-${createWords(at + 7).word()}-${at}`);
  const cut = async (data: ToolItem["data"], query = "How many are there?") =>
    (await compressor.compress({ query, items: [{ kind: "tool", id: "t", name: "file.read", data }], mode: "auto" })).text;

  test.each([
    ["strings", { slugs }],
    ["numbers", { numbers: slugs.map((_, at) => at * 7919) }],
    ["a list alone", slugs],
    ["a map", Object.fromEntries(slugs.map((slug, at) => [slug, at * 7919]))],
  ])("say how many they had: %s", async (_, data) => {
    const text = await cut(data);
    const [, kept = "", total = ""] = /\[(\d+) of (\d+)\]/.exec(text) ?? [];
    expect(Number(total)).toBe(300);
    expect(Number(kept)).toBeLessThan(Number(total));
  });

  test("also inside the cells of a table", async () => {
    const rows = Array.from({ length: 40 }, (_, at) => ({ name: `row ${at}`, tags: slugs.slice(at, at + 40), id: at }));
    expect(await cut(rows, "Which tags does row 7 have?")).toMatch(/\[\d+ of 40\]/);
  });
});
