// What is remembered of earlier questions' contexts, and what of it stands before the next question.
import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import { requestSchema } from "@nocp/contracts/request.ts";
import { describe, expect, test } from "vitest";
import { createStandingContexts, type SentContext, type SourceShare, shareOf, turnKeys } from "./standing-contexts.ts";

const whole = (digest: string): SourceShare => ({ digest, isWhole: true });
const part = (digest: string, units: readonly number[], strategy = "sentence-selection"): SourceShare => ({
  ...{ digest, isWhole: false },
  written: { strategy, digest: `text of ${digest}`, units, tokens: units.length },
});
const sent = (text: string, ...shares: readonly SourceShare[]): SentContext => ({ text, tokens: 10, mark: "m", shares });

describe("contexts of earlier questions", () => {
  test("stand where they were sent, counted from the end of the conversation", () => {
    const contexts = createStandingContexts();
    contexts.keep("q1", sent("first", part("a", [1, 2])), 0);
    contexts.keep("q2", sent("second", part("a", [5])), 10);
    const standing = contexts.before(["q1", "a1", "q2", "a2"], new Set(["a"]), 0);
    expect([...standing.contexts].map(([fromEnd, { text }]) => [fromEnd, text])).toEqual([
      [4, "first"],
      [2, "second"],
    ]);
    expect(standing.shares.get("a")?.written).toMatchObject({ units: [1, 2, 5], tokens: 3 });
  });

  test("do not stand once a source of theirs is missing, and nothing of them counts as written", () => {
    const contexts = createStandingContexts();
    contexts.keep("q1", sent("first", part("a", [1]), whole("b")), 0);
    contexts.keep("q2", sent("second", part("a", [2])), 0);
    const standing = contexts.before(["q1", "q2"], new Set(["a"]), 0);
    expect([...standing.contexts.keys()]).toEqual([1]);
    expect(standing.shares.get("a")?.written?.units).toEqual([2]);
    expect(standing.shares.has("b")).toBe(false);
  });

  test("do not stand once the vendor has forgotten them, unless they were sent again", () => {
    const contexts = createStandingContexts();
    contexts.keep("q1", sent("first", whole("a")), 100);
    expect(contexts.before(["q1"], new Set(["a"]), 101).contexts.size).toBe(0);
    contexts.touch(["q1"], contexts.before(["q1"], new Set(["a"]), 100), 200);
    expect(contexts.before(["q1"], new Set(["a"]), 150).contexts.size).toBe(1);
  });

  test("are forgotten when they are replaced by nothing, or no longer stand", () => {
    const contexts = createStandingContexts();
    for (const key of ["q1", "q2"]) contexts.keep(key, sent("text", whole("a")), 0);
    contexts.keep("q1", sent("", whole("a")), 0);
    contexts.forget(["q2"]);
    expect(contexts.before(["q1", "q2"], new Set(["a"]), 0).contexts.size).toBe(0);
  });

  test("take a bounded amount of memory: those that were used longest ago go", () => {
    const contexts = createStandingContexts(250);
    for (const key of ["q1", "q2"]) contexts.keep(key, sent("x".repeat(100)), 0);
    contexts.touch(["q1"], contexts.before(["q1"], new Set(), 0), 0);
    contexts.keep("q3", sent("x".repeat(100)), 0);
    const stands = (key: string) => contexts.before([key], new Set(), 0).contexts.size === 1;
    expect(["q1", "q2", "q3"].map(stands)).toEqual([true, false, true]);
  });

  test("of which one strategy knows the units and another not: only the later ones count, and a whole source stays whole", () => {
    const contexts = createStandingContexts();
    contexts.keep("q1", sent("1", part("a", [1]), whole("b")), 0);
    contexts.keep("q2", sent("2", part("a", [7], "log-templates"), part("b", [3])), 0);
    const { shares } = contexts.before(["q1", "q2"], new Set(["a", "b"]), 0);
    expect(shares.get("a")?.written).toMatchObject({ strategy: "log-templates", units: [7] });
    expect(shares.get("b")?.isWhole).toBe(true);
  });
});

test("a source is whole where nothing of it is missing", () => {
  const piece = { itemId: "i", text: "t", tokens: 1, removed: true };
  expect(shareOf("d", undefined).isWhole).toBe(true);
  expect(shareOf("d", { ...piece, removed: false }).isWhole).toBe(true);
  expect(shareOf("d", { ...piece, isWhole: true }).isWhole).toBe(true);
  expect(shareOf("d", piece).isWhole).toBe(false);
});

describe("the key of a turn", () => {
  const said: PromptMessage[] = [
    { role: "user", text: "a" },
    { role: "assistant", text: "b" },
  ];
  const keyOf = (request: Parameters<typeof requestSchema.parse>[0], messages = said) =>
    turnKeys(requestSchema.parse(request), messages).at(-1);

  test("is the same for the same beginning", () => {
    expect(turnKeys(requestSchema.parse({ query: "?" }), said)[0]).toBe(keyOf({ query: "other" }, said.slice(0, 1)));
  });

  test("differs by tenant, session, instructions and every message before", () => {
    const keys = [
      keyOf({ query: "?" }),
      keyOf({ query: "?", tenant: "acme" }),
      keyOf({ query: "?", session: { id: "s" } }),
      keyOf({ query: "?", messages: [{ role: "system", text: "Be brief." }] }),
      keyOf({ query: "?" }, [{ role: "user", text: "other" }, said[1]!]),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
