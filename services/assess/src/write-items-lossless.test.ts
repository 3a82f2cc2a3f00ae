import { requestSchema } from "@nocp/contracts/request.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { restoreText } from "@nocp/text/lossless/lossless.ts";
import { describe, expect, test } from "vitest";
import { createCompressor } from "./compress.ts";
import { loadStrategies } from "./load-strategies.ts";

const compressor = createCompressor({
  strategies: await loadStrategies(),
  counterFor: (model) => createTokenCounter(model ?? "gpt-4o"),
});

const orders = Array.from({ length: 60 }, (_, row) => ({
  id: 4000 + row,
  customer: `customer${row * 7}@shop.example`,
  status: row % 3 === 0 ? "shipped" : "pending",
  placed: new Date(Date.UTC(2026, 2, 1) + row * 86_400_000).toISOString(),
}));
const log = Array.from({ length: 80 }, (_, row) => `2026-03-01T10:00:00Z INFO worker ${row % 4} finished job ${row * 13}`).join(
  "\n",
);
const items = [
  { kind: "tool" as const, id: "orders", name: "orders.list", data: { total: 60, orders } },
  { kind: "tool" as const, id: "log", name: "file.read", data: log },
  { kind: "document" as const, id: "note", title: "Note", text: "The limit was raised to 20 MB." },
  { kind: "message" as const, id: "m1", role: "user", text: "Which orders are pending?" },
];
const compress = (maxTokens?: number) =>
  compressor.compress({ query: "Which orders are pending?", items, mode: "lossless", maxTokens });
const afterMark = (text: string): string => text.slice(text.indexOf("#lossless"));

describe("compression without loss", () => {
  test("writes tools' results shorter, removes nothing, and leaves messages and short texts alone", async () => {
    const { pieces, removed, bundle, optimizedTokens, rawTokens, strategies, text } = await compress();
    expect(optimizedTokens).toBeLessThan(rawTokens * 0.5);
    expect({ removed, bundle }).toEqual({ removed: [], bundle: undefined });
    expect(strategies.map(({ strategy, itemIds }) => [strategy, itemIds])).toEqual([["lossless", ["orders", "log"]]]);
    expect(JSON.parse(restoreText(afterMark(pieces[0]?.text ?? "")))).toEqual({ total: 60, orders });
    expect(restoreText(afterMark(pieces[1]?.text ?? ""))).toBe(log);
    expect(text).toContain("Note\nThe limit was raised to 20 MB.");
    expect(pieces[3]?.text).toBe("user: Which orders are pending?");
  });

  test("a size that it does not reach is a warning, and still nothing is removed", async () => {
    const { warnings, removed } = await compress(50);
    expect(warnings.map(({ code }) => code)).toEqual(["BUDGET_EXCEEDED"]);
    expect(removed).toEqual([]);
  });

  test("a request may ask for it", () => {
    expect(requestSchema.parse({ query: "?", compression: { mode: "lossless" } }).compression.mode).toBe("lossless");
  });
});
