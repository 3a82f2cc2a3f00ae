// Codes for terminals: taken away before anything is counted, on the bill, and in the archive where text went with them.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { originalsOf, textOfOriginal } from "@nocp/runtime/stores/archive/bundle.ts";
import { describe, expect, test } from "vitest";
import { type CompressionRequest, createCompressor } from "./compress.ts";
import { loadStrategies } from "./load-strategies.ts";
import { renderItem } from "./measure-items.ts";
import { terminalCodes } from "./terminal-codes.ts";

const counter = createTokenCounter("gpt-4o");
const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter });
const archiveScope = { tenant: "default", kind: "request", id: "r-1" } as const;
const compress = (items: readonly ContextItem[], rest: Partial<CompressionRequest> = {}) =>
  compressor.compress({ mode: "auto", query: "Which test failed?", items, archiveScope, ...rest });
const tool = (data: string): ContextItem => ({ kind: "tool", id: "run", name: "shell.run", data });
const document = (text: string): ContextItem => ({ kind: "document", id: "run", title: "", text });

const red = (text: string) => `\u001b[1m\u001b[31m${text}\u001b[39m\u001b[22m`;
const runOf = (paint: (text: string) => string): string =>
  Array.from({ length: 12 }, (_, at) => `${paint("PASS")} test/part-${at}.test.ts`).join("\n");
const coloured = runOf(red);
const plain = runOf((text) => text);
const progress = Array.from({ length: 60 }, (_, at) => `\rloading ${"#".repeat(at)} ${at} of 59`).join("");

describe.each([
  ["a document", document],
  ["a tool's text", tool],
])("%s", (_kind, itemOf) => {
  test("that is small goes without its colours, which were no text: there is nothing to fetch", async () => {
    const { text, strategies, bundle, removed, rawTokens, optimizedTokens } = await compress([itemOf(coloured)]);
    expect(text).toBe(renderItem(itemOf(plain)));
    expect(strategies).toMatchObject([{ strategy: terminalCodes, itemIds: ["run"], before: rawTokens, after: optimizedTokens }]);
    expect(strategies[0]?.justification).toContain("no text with them");
    expect(rawTokens).toBe(counter.count(renderItem(itemOf(coloured))));
    expect(optimizedTokens).toBe(counter.count(text));
    expect([bundle, removed]).toEqual([undefined, []]);
  });

  test("with a progress bar shows how it ended; what it wrote over can be fetched", async () => {
    const item = itemOf(`${progress}\ndone`);
    const { text, strategies, bundle, removals, referenceLine, optimizedTokens } = await compress([item], { explain: true });
    expect(text).toContain("59 of 59");
    expect(text).not.toContain("12 of 59");
    expect(text.endsWith(referenceLine)).toBe(true);
    expect(optimizedTokens).toBe(counter.count(text));
    expect(strategies[0]).toMatchObject({ strategy: terminalCodes });
    expect(removals).toMatchObject([{ itemId: "run", strategy: terminalCodes, ref: expect.stringMatching(/^\w+\.1$/) }]);
    expect(bundle && originalsOf(bundle).map(textOfOriginal).join()).toContain("12 of 59");
  });

  test("that would save less than a reference to the archive takes is left as it came", async () => {
    const item = itemOf("one\rtwo: 3\nthree");
    const { text, strategies, bundle } = await compress([item]);
    expect([text, strategies, bundle]).toEqual([renderItem(item), [], undefined]);
  });

  test.each(["off", "lossless"] as const)("stays as it came in mode %s", async (mode) => {
    const { strategies, bundle } = await compress([itemOf(coloured)], { mode });
    expect(strategies.map(({ strategy }) => strategy)).not.toContain(terminalCodes);
    expect(bundle).toBeUndefined();
  });

  test("that is cut to size besides has both on its bill, and is archived as it came", async () => {
    const item = itemOf(`${coloured}\n`.repeat(20) + red("FAIL test/part-7.test.ts: expected 1 to be 2"));
    const { text, strategies, bundle, rawTokens } = await compress([item], { targetRatio: 0.3 });
    expect(text).not.toContain("\u001b");
    expect(strategies.map(({ strategy }) => strategy)).toEqual([terminalCodes, expect.not.stringMatching(terminalCodes)]);
    expect(strategies[0]?.before).toBe(rawTokens);
    expect(strategies[1]?.before).toBe(strategies[0]?.after);
    expect(bundle && originalsOf(bundle).map(textOfOriginal).join()).toContain("31m");
  });
});

test("what needs no archive is taken away without one", async () => {
  const { text, bundle } = await compress([document(`${progress}\ndone`)], { archiveScope: undefined });
  expect([text.includes("12 of 59"), bundle]).toEqual([false, undefined]);
});
