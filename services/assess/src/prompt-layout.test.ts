// A dialogue about the same sources: what each question adds, and that what was sent before stays as it was.
import { contextOptimizedSchema, toolsCompletedSchema } from "@nocp/contracts/messages.ts";
import { promptMessages } from "@nocp/contracts/prompt.ts";
import { type NocpRequestInput, requestSchema } from "@nocp/contracts/request.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { createTestContext } from "@nocp/runtime/testing/handler-context.ts";
import { describe, expect, test } from "vitest";
import { createCompressor } from "./compress.ts";
import { createContextMarks } from "./context-mark.ts";
import { createHandler } from "./handle.ts";
import { loadStrategies } from "./load-strategies.ts";
import { createLayout } from "./prompt-layout.ts";
import { pricesOf } from "./target-prices.ts";
import { workHere } from "./workers/context-work.ts";

const counter = createTokenCounter("gpt-5.4");
const strategies = await loadStrategies();

/** A replica of assess. */
function createAssess(mode: "auto" | "off" = "auto") {
  const counterFor = () => counter;
  const handle = createHandler({
    work: workHere(createCompressor({ strategies, counterFor, pricesFor: pricesOf("gpt-5.4", Date.now) })),
    ...{ counterFor, defaultModel: "gpt-5.4", lastMessages: 10, expectedTurns: 1, prefixCacheMs: 300_000 },
    archive: { put: async () => {} },
    contextMarkFor: createContextMarks("secret"),
    layout: createLayout("gpt-5.4", mode, Date.now),
  });
  return async (request: NocpRequestInput, toolResults: readonly object[] = [], submittedAt = 1_000_000) => {
    const context = createTestContext({ stage: "assess", submittedAt });
    const { requestId, lane, deadlineAt } = context;
    const body = { requestId, lane, submittedAt, deadlineAt, toolResults, request: requestSchema.parse(request) };
    const [emission] = await handle({ fact: "tools.completed", body: toolsCompletedSchema.parse(body) }, context);
    const { prompt, strategies: reports } = contextOptimizedSchema.parse(emission?.body);
    return { prompt, reports, sent: promptMessages(prompt).map(({ role, text }) => `${role}: ${text}`) };
  };
}

const topics = ["harbours", "bridges", "tunnels", "lighthouses", "canals", "ferries"];
const documents = topics.map((topic) => ({
  title: `Report on ${topic}`,
  text: Array.from({ length: 60 }, (_, at) => `Section ${at} on ${topic} concerns line ${at * 11 + topic.length}.`).join(" "),
}));
const user = (text: string) => ({ role: "user" as const, text });
const assistant = (text: string) => ({ role: "assistant" as const, text });
const opening = [user("What does section 7 on tunnels concern?")];
const second = [...opening, assistant("Line 84."), user("And what does section 41 on ferries concern?")];
const third = [...second, assistant("Line 458."), user("What does section 7 on tunnels concern?")];

const turnsOf = async (assess: ReturnType<typeof createAssess>, more: Partial<NocpRequestInput> = {}) => {
  const turns = [];
  for (const messages of [opening, second, third]) turns.push(await assess({ messages, documents, ...more }));
  return turns;
};

describe("a caller that sends everything with each question", () => {
  test("gets prompts that begin with the one before, and add what the question needs", async () => {
    const [first, next, last] = await turnsOf(createAssess());
    expect(next!.sent.slice(0, first!.sent.length)).toEqual(first!.sent);
    expect(last!.sent.slice(0, next!.sent.length)).toEqual(next!.sent);
    expect(first!.prompt.context).toContain("Section 7 on tunnels concerns line 84.");
    expect(first!.prompt.context).not.toContain("Section 41 on ferries");
    expect(next!.prompt.context).toContain("Section 41 on ferries concerns line 458.");
    expect(next!.prompt.context).not.toContain("Section 7 on tunnels concerns");
    expect(counter.count(last!.prompt.context)).toBeLessThan(0.2 * counter.count(first!.prompt.context));
    expect(next!.reports[0]).toMatchObject({ strategy: "standing-context", justification: expect.stringMatching(/10 % of the/) });
  });

  test("gets each unit once", async () => {
    const turns = await turnsOf(createAssess());
    const sentences = turns.flatMap(({ prompt }) => prompt.context.match(/Section \d+ on \w+ concerns/g) ?? []);
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  test("gets a whole context where it was sent, and nothing in addition", async () => {
    const [first, next, last] = await turnsOf(createAssess(), { compression: { mode: "off" } });
    expect(next!.prompt.context).toBe("");
    expect(last!.prompt.history[0]?.context).toBe(first!.prompt.context);
    expect(last!.sent.slice(0, next!.sent.length)).toEqual(next!.sent);
  });

  test.each<[string, Partial<NocpRequestInput>]>([
    ["names a size", { compression: { targetRatio: 0.3 } }],
    ["asks for no prompt cache", { promptCache: { mode: "off" } }],
    ["is answered by a provider that caches nothing", { routing: { provider: "extractive" } }],
  ])("gets each context with its question if it %s", async (_, more) => {
    const turns = await turnsOf(createAssess(), more);
    expect(turns.flatMap(({ prompt }) => prompt.history.filter(({ context }) => context !== undefined))).toEqual([]);
    expect(turns.some(({ prompt }) => prompt.contextStays)).toBe(false);
  });

  test("gets each context with its question where the settings turn the layout off", async () => {
    const turns = await turnsOf(createAssess("off"));
    expect(turns.flatMap(({ prompt }) => prompt.history.filter(({ context }) => context !== undefined))).toEqual([]);
  });

  test("gets a new selection after a pause, or with other documents", async () => {
    const assess = createAssess();
    const { prompt: first } = await assess({ messages: opening, documents });
    const late = await assess({ messages: second, documents }, [], 1_000_000 + 300_001);
    expect(late.prompt.history[0]?.context).toBeUndefined();
    expect(late.prompt.context.length).toBeGreaterThan(0.5 * first.context.length);
    await assess({ messages: opening, documents });
    const other = await assess({ messages: second, documents: documents.slice(1) });
    expect(other.prompt.history[0]?.context).toBeUndefined();
  });
});

describe("results of tools", () => {
  const rows = Array.from({ length: 120 }, (_, at) => ({
    ...{ id: `ORD-${(at * 7919) % 100_000}`, customer: `C-${(at * 31) % 977}`, total: at * 3.5, city: topics[at % 6] },
    note: `left at door ${(at * 13) % 89} by courier ${(at * 17) % 23}`,
  }));
  const lines = Array.from(
    { length: 400 },
    (_, at) => `2026-03-01 10:00:${at % 60} INFO job ${at} finished in ${(at * 37) % 91} ms`,
  );
  lines[77] = "2026-03-01 10:01:17 ERROR job 77 lost its disk sdq";
  const result = (name: string, data: unknown) => ({
    ...{ id: name, name, status: "succeeded", data, bytes: 1, elapsedMs: 1, attempts: 1, cached: false },
  });
  const results = [result("orders.list", { rows }), result("file.read", lines.join("\n"))];

  test("are told of once, and each question finds its rows and lines in what stands", async () => {
    const assess = createAssess();
    const asked = [`Which city has order ${rows[3]!.id}?`, `What was noted on order ${rows[99]!.id}?`, "Why did job 77 fail?"];
    const messages = [];
    const before: string[] = [];
    for (const question of asked) {
      messages.push(user(question));
      const { sent } = await assess({ messages: [...messages] }, results);
      expect(sent.slice(0, before.length)).toEqual(before);
      before.splice(0, before.length, ...sent);
      messages.push(assistant("I see."));
    }
    const all = before.join("\n");
    for (const fact of [rows[3]!.id, rows[3]!.city, rows[99]!.id, rows[99]!.note, "lost its disk sdq"])
      expect(all).toContain(fact);
    expect(all.split("lost its disk sdq")).toHaveLength(2);
  });
});
