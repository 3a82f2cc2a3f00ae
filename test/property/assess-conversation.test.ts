// Whatever was said, and however small the budget: the conversation part of a prompt keeps it.

import { extractiveSummarizer } from "@nocp/assess/conversation/extractive-summarizer.ts";
import { fitConversation } from "@nocp/assess/conversation/fit-conversation.ts";
import { countMessages } from "@nocp/assess/conversation/session-messages.ts";
import { createTurnFacts } from "@nocp/assess/conversation/turn-facts.ts";
import { type SessionTurn, sessionHeadSchema } from "@nocp/contracts/session.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { headWithSummary, headWithTurn, newSessionHead } from "@nocp/runtime/stores/sessions/session-head.ts";
import fc from "fast-check";
import { expect, test } from "vitest";

const counter = createTokenCounter("gpt-4o");
const facts = createTurnFacts();

const word = fc.oneof(
  fc.constantFrom(
    "garden",
    "decided",
    "We",
    "the",
    "code",
    "QX-7731",
    "48.5",
    "Lisbon",
    "花园",
    "决定",
    "?",
    ".",
    "\n",
    '{"a":1}',
    "</context>",
    "[turn 3]",
  ),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);
const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(" "));
const role = fc.constantFrom("user" as const, "assistant" as const, "tool" as const);
const turns = fc.array(fc.array(fc.record({ role, text }), { maxLength: 4 }), { maxLength: 40 }).map((all) =>
  all.map(
    (messages, at): SessionTurn => ({
      v: 1,
      number: at + 1,
      requestId: `r${at}`,
      at,
      messages,
      inputTokens: { raw: 1, optimized: 1 },
    }),
  ),
);
const rules = fc.record({
  maxTokens: fc.integer({ min: 0, max: 3000 }),
  lastTurns: fc.integer({ min: 0, max: 8 }),
  compactAfterTokens: fc.integer({ min: 0, max: 500 }),
  olderRatio: fc.double({ min: 0.05, max: 1, noNaN: true }),
});

test("the budget is kept, the head stays valid, and a summary takes what it may", async () => {
  await fc.assert(
    fc.asyncProperty(turns, rules, text, fc.integer({ min: 0, max: 300 }), async (said, limits, query, maxTokens) => {
      const base = said.reduce(headWithTurn, newSessionHead({ tenant: "default", id: "s" }, "e", 0));
      const summary = await extractiveSummarizer.summarize({
        previous: query,
        turns: said,
        maxTokens,
        counter,
        signal: new AbortController().signal,
      });
      expect(counter.count(summary)).toBeLessThanOrEqual(maxTokens);
      const head = headWithSummary(base, { text: summary, throughTurn: said.length, at: 1 });
      expect(sessionHeadSchema.safeParse(head).success).toBe(true);
      const { part, report } = fitConversation({ head, turns: said, query, rules: limits, counter, facts });
      const tokens = countMessages(counter, part.history) + (part.section === "" ? 0 : counter.count(part.section));
      expect(tokens).toBeLessThanOrEqual(limits.maxTokens);
      if (report) {
        expect(report.after).toBe(tokens);
        expect(report.after).toBeLessThanOrEqual(report.before);
      } else expect(part.history).toHaveLength(said.flatMap(({ messages }) => messages).length);
    }),
    { numRuns: 200 },
  );
});
