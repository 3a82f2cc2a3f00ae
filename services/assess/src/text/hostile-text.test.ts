// No content stalls the compressor: four times the run takes about four times the work, in every form a text comes in.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { describe, test } from "vitest";
import { expectLinearWork } from "../../../../test/linear-work.ts";
import { createCompressor } from "../compress.ts";
import { loadStrategies } from "../load-strategies.ts";

/** Counts nothing itself: what is measured is the reading. */
const counter = { model: "none", encoding: "none", count: (text: string) => Math.ceil(text.length / 4) };
const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter as never });

const runs = [
  "!",
  ".",
  " ",
  "1",
  "a",
  "[]",
  "\n",
  "{\n",
  "}\n",
  "- a\n",
  "a: b\n",
  "a:\n",
  "a b ",
  "ERROR: a\n",
  'a,"\n',
  "e.g. ",
  " )\n",
  "1ms ",
  "a\n  b\n",
];

const part = (text: string, parts: number): string => text.slice(0, text.length / parts);
const forms: Readonly<Record<string, (text: string) => ContextItem>> = {
  document: (text) => ({ kind: "document", id: "i", title: "", text }),
  message: (text) => ({ kind: "message", id: "i", role: "user", text }),
  "a tool's text": (text) => ({ kind: "tool", id: "i", name: "t", data: text }),
  "a field": (text) => ({ kind: "tool", id: "i", name: "t", data: { a: text, b: [text] } }),
  rows: (text) => ({ kind: "tool", id: "i", name: "t", data: [1, 2, 3, 4].map((id) => ({ id, text: part(text, 4) })) }),
  "records of a log": (text) => ({
    kind: "tool",
    id: "i",
    name: "t",
    data: Array.from({ length: 20 }, (_, at) => ({
      time: `10:00:${at}`,
      level: "info",
      message: `${at} ${part(text, 20)}`,
    })),
  }),
};

function compress(item: ContextItem): Promise<unknown> {
  return compressor.compress({ query: "Why did a fail after 5 ms?", items: [item], mode: "auto", targetRatio: 0.3 });
}

describe.each(Object.entries(forms))("%s", (_, itemOf) => {
  test.each(runs.map((run) => [JSON.stringify(run), run] as const))("of %s", async (__, run) => {
    await expectLinearWork((length) => compress(itemOf(run.repeat(Math.ceil(length / run.length)))), 10_000);
  });
});
