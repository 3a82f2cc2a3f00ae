// Items as a reader needs them: colours cost nothing, times are there when the question is about time, originals are kept.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { describe, expect, test } from "vitest";
import { createCompressor } from "./compress.ts";
import { loadStrategies } from "./load-strategies.ts";

const counter = createTokenCounter("gpt-4o");
const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter });
const scope = { tenant: "default", kind: "request", id: "r" } as const;
const compress = (query: string, items: readonly ContextItem[], mode: "auto" | "off" = "auto") =>
  compressor.compress({ query, items, mode, archiveScope: scope });

const esc = "\u001b";
const lines = Array.from({ length: 200 }, (_, at) => [`PASS`, ` src/part_${at}.test.ts (${at} ms)`] as const);
const plainLog = lines.map((parts) => parts.join("")).join("\n");
const colouredLog = lines
  .map(([status, rest]) => `${esc}[0m${esc}[7m${esc}[1m${esc}[32m${status}${esc}[39m${esc}[22m${esc}[27m${esc}[0m${rest}`)
  .join("\n");

describe("colours", () => {
  test.each([
    ["a document", (text: string): ContextItem => ({ kind: "document", id: "i", title: "log", text })],
    ["a tool's text", (text: string): ContextItem => ({ kind: "tool", id: "i", name: "shell.run", data: text })],
    [
      "a field",
      (text: string): ContextItem => ({ kind: "tool", id: "i", name: "shell.run", data: { exitCode: 1, stdout: text } }),
    ],
  ])("cost nothing in %s, and the archive has them", async (_, itemOf) => {
    const coloured = await compress("Which tests ran?", [itemOf(colouredLog)]);
    const plain = await compress("Which tests ran?", [itemOf(plainLog)]);
    const perLine = (coloured.rawTokens - plain.rawTokens) / lines.length;
    expect(perLine).toBeGreaterThan(20);
    expect(coloured.strategies[0]).toMatchObject({ strategy: "terminal-codes", before: coloured.rawTokens });
    expect(coloured.strategies[0]?.after).toBe(plain.rawTokens);
    expect(coloured.optimizedTokens).toBeLessThan(plain.optimizedTokens + 5);
    expect(coloured.text.replace(/\[shortened.*$/, "")).toBe(plain.text.replace(/\[shortened.*$/, ""));
    expect(Buffer.from(coloured.bundle?.bytes ?? []).toString("utf8")).toContain("[32m");
  });

  test("stay where compression is off", async () => {
    const { text } = await compress("", [{ kind: "document", id: "i", title: "", text: colouredLog }], "off");
    expect(text).toBe(colouredLog);
  });
});

describe("times of messages", () => {
  const messages = Array.from(
    { length: 60 },
    (_, at): ContextItem => ({
      kind: "message",
      id: `m${at}`,
      role: at % 2 === 0 ? "user" : "assistant",
      text: `Delivery ${at} is on its way to the depot in the north of the town, and the driver has all papers with him.`,
      at: `2024-05-${String((at % 28) + 1).padStart(2, "0")}T10:00:00Z`,
    }),
  );

  test("are there when the question is about time", async () => {
    const { text } = await compress("When was delivery 17 on its way?", messages);
    expect(text).toContain("assistant (2024-05-18T10:00:00Z): Delivery 17 ");
  });

  test("cost nothing otherwise", async () => {
    const { text } = await compress("Where does delivery 17 go?", messages);
    expect(text).toContain("Delivery 17 ");
    expect(text).not.toContain("2024-05-18");
  });
});
