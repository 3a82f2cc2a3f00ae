import { defaultModel } from "@nocp/assess/config.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { expect, test } from "vitest";
import { measureToolSets } from "./measure-tools.ts";

test("the tool that a question needs is offered in 99 of 100 cases, and fewer tokens are sent in each form", () => {
  for (const { set, tokens, questions, lost } of measureToolSets(createTokenCounter(defaultModel))) {
    expect(lost.length / questions, `${set}: ${lost.join("; ")}`).toBeLessThanOrEqual(0.01);
    expect(tokens.compact).toBeLessThanOrEqual(tokens.whole);
    expect(tokens.short).toBeLessThan(tokens.compact);
    if (set.startsWith("107")) expect(tokens.selected).toBeLessThan(0.6 * tokens.whole);
  }
});
