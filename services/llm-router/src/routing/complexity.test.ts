import { expect, test } from "vitest";
import { routeRequest } from "../../../../test/fixtures/llm-router-fixtures.ts";
import { complexityOf } from "./complexity.ts";

const many = "Explain why. ".repeat(120);

test.each([
  ["low", { question: "What is the capital of France?" }],
  ["low", { question: "フランスの首都はどこですか？" }],
  ["medium", { question: "Which of these is larger, and why?", inputTokens: 60_000 }],
  ["medium", { question: "Fill in the fields.", hasSchema: true, inputTokens: 9_000 }],
  ["medium", { question: "Book the flight.", offersTools: true }],
  ["medium", { question: "Say it.", reasoningEffort: "medium" }],
  ["high", { question: "Say it.", reasoningEffort: "high" }],
  ["high", { question: `${many}\n1. one\n2. two\n3. three\n4. four\n5. five\n6. six` }],
  ["high", { question: "Refactor:\n```ts\nfunction f() {}\n```", offersTools: true, hasSchema: true }],
] as const)("%s: %j", (expected, asked) => {
  expect(complexityOf(routeRequest(asked))).toBe(expected);
});
