// How much a request asks of a model, by its outside alone: whatever the language, and without asking a model.
import type { StrategyRequest } from "../routing-strategy.ts";

export const complexities = ["low", "medium", "high"] as const;
export type Complexity = (typeof complexities)[number];

/** Points from which on a request is of medium and of high complexity. */
const least = { medium: 2, high: 4 } as const;
/** Characters; a pair of CJK characters says about what six Latin ones do. */
const longQuestion = 300;
const veryLongQuestion = 1_200;
const longPrompt = 8_000;
const veryLongPrompt = 40_000;

const questionMarks = /[?？؟;；]/gu;
const listEntries = /^[ \t]{0,16}(?:[-*•]|\d{1,4}[.)])\s/gmu;
const code = /```|[{};]\s*$|=>|\b(?:function|class|def|SELECT|import|return)\b/mu;
const mathematics = /[=≤≥∑∫√]|\d\s*[+*/^]\s*\d|\\(?:frac|sum|int)/u;

/** Pure; the weights are a judgement, not a measurement. */
export function complexityOf(request: Omit<StrategyRequest, "tenant" | "lane" | "tags" | "prefixKey">): Complexity {
  const { question, inputTokens, offersTools, hasSchema, reasoningEffort } = request;
  const points =
    steps(question.length, longQuestion, veryLongQuestion) +
    steps(inputTokens, longPrompt, veryLongPrompt) +
    steps(countOf(question, questionMarks) + countOf(question, listEntries), 3, 6) +
    (code.test(question) ? 1 : 0) +
    (mathematics.test(question) ? 1 : 0) +
    (offersTools ? 2 : 0) +
    (hasSchema ? 1 : 0) +
    (reasoningEffort === "high" ? 4 : reasoningEffort === "medium" ? 2 : 0);
  return points >= least.high ? "high" : points >= least.medium ? "medium" : "low";
}

const steps = (value: number, first: number, second: number): number => (value >= second ? 2 : value >= first ? 1 : 0);
const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
