// The sets whose recall is measured, and what NOCP must be ahead of.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCompressor } from "@nocp/assess/compress.ts";
import { loadStrategies } from "@nocp/assess/load-strategies.ts";
import { renderItem } from "@nocp/assess/measure-items.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { describe, expect, it } from "vitest";
import { createLongChats } from "./long-chats.ts";
import { byBm25, byFloor, byRatio, measureRecall } from "./measure-recall.ts";
import { keepByBm25 } from "./plain-bm25.ts";
import { loadUserSets } from "./user-sets.ts";

const counter = createTokenCounter("gpt-4o");
const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter });
const size = { chats: 2, questionsPerChat: 20 };

describe("long chats", () => {
  const set = createLongChats({ seed: "test", ...size });

  it("are the same for the same seed, and others for another", () => {
    expect(createLongChats({ seed: "test", ...size })).toEqual(set);
    expect(createLongChats({ seed: "other", ...size }).cases).not.toEqual(set.cases);
  });

  it("have hundreds of turns of several speakers, and the turns that a question needs were said by the one it names", () => {
    expect(set.cases).toHaveLength(size.chats * size.questionsPerChat);
    for (const { query, items, needs } of set.cases) {
      expect(items.length).toBeGreaterThan(300);
      expect(needs.length).toBeGreaterThan(0);
      for (const need of needs) {
        const turn = items.find((item) => item.kind === "message" && item.text === need);
        expect(query).toContain(turn?.kind === "message" ? turn.role : "nobody");
      }
    }
  });

  it.each(["one", "two"])("keep more than with plain BM25, by .10 at a tenth of the tokens (seed %s)", async (seed) => {
    const drawn = createLongChats({ seed, ...size });
    const nocp = await measureRecall(drawn, byRatio(compressor, 0.1), counter);
    const bm25 = await measureRecall(drawn, byBm25(counter, 0.1), counter);
    expect(nocp.keptShare).toBeLessThanOrEqual(0.1);
    expect(nocp.recall).toBeGreaterThanOrEqual(bm25.recall + 0.1);
  });

  it("keep what a floor promises", async () => {
    const drawn = createLongChats({ seed: "floors", ...size });
    const { recall, keptShare } = await measureRecall(drawn, byFloor(compressor, 0.7), counter);
    expect(recall).toBeGreaterThanOrEqual(0.7);
    expect(keptShare).toBeLessThan(0.5);
  });
});

describe("a user's own cases", () => {
  const inFolder = async (lines: readonly object[], check: (folder: string) => Promise<void>) => {
    const folder = mkdtempSync(join(tmpdir(), "nocp-recall-"));
    try {
      writeFileSync(join(folder, "own.jsonl"), lines.map((line) => JSON.stringify(line)).join("\n"));
      await check(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const item = { kind: "document", id: "d", title: "Fox", text: "The fox is red. The owl is grey. The elk is brown." };
  const query = "Which colour is the fox?";

  it.each([
    { needs: ["is red", "is blue"], recall: 0 },
    { gold: { answers: ["red", "blue"] }, recall: 1 },
    { gold: { answers: ["red", "blue"] }, all: true, recall: 0 },
    { gold: { evidence: ["The fox is red", "The fox is blue"] }, recall: 0.5 },
  ])("count as they say: $needs $gold $all", async ({ recall, ...needed }) => {
    await inFolder([{ id: 1, query, items: [item], ...needed }], async (folder) => {
      const [set] = loadUserSets(folder, undefined);
      expect(set?.name).toBe("own");
      expect((await measureRecall(set!, async ({ items }) => items.map(renderItem).join("\n"), counter)).recall).toBe(recall);
    });
  });

  it("must say what an answer needs", async () => {
    await inFolder([{ id: 1, query, items: [item] }], async (folder) => {
      expect(() => loadUserSets(folder, undefined)).toThrow(expect.objectContaining({ code: "USAGE" }));
    });
  });
});

it("plain BM25 keeps whole sentences, rows or fields that have the question's rarest words, in their order", () => {
  const text = "The owl is grey. The fox is red. The elk is brown. The fox is quick.";
  const document: ContextItem = { kind: "document", id: "d", title: "", text };
  const rows: ContextItem = { kind: "tool", id: "t", name: "list", data: [{ animal: "owl" }, { animal: "fox" }] };
  expect(keepByBm25([document], "Is the fox quick?", 18, counter)).toBe(": The fox is red.\n: The fox is quick.");
  expect(keepByBm25([rows], "fox", 10, counter)).toBe('{"animal":"fox"}');
});
