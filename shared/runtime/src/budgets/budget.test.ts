import { describe, expect, test } from "vitest";
import { type Budget, matchingBudgets, parseAllowance, windowOf } from "./budget.ts";

const budgetOf = (scope: Budget["scope"], id = "b"): Budget => ({
  id,
  scope,
  per: "day",
  unit: "usd",
  limit: 1,
  soft: null,
  onSoft: "warn",
});
const candidate = { provider: "openai", model: "gpt-x" };
const payer = { tenant: "acme", key: "k1", tags: ["nightly", "report"] };
const countedBy = (scope: Budget["scope"], of = payer as Parameters<typeof matchingBudgets>[1]) =>
  matchingBudgets([budgetOf(scope)], of, candidate).map(({ counted }) => counted);

describe("a budget counts", () => {
  test.each<[string, Budget["scope"], string[]]>([
    ["everybody's calls, without a scope", {}, [""]],
    ["those of its tenant", { tenant: "acme" }, ["acme"]],
    ["nobody else's", { tenant: "other" }, []],
    ["each tenant by itself", { tenant: "*" }, ["acme"]],
    ["all whose name begins so together", { tenant: "ac*" }, ["ac*"]],
    ["each tag by itself", { tag: "*" }, ["nightly", "report"]],
    ["tags that match one pattern once", { tag: "n*" }, ["n*"]],
    ["a provider's models together", { model: "openai/*" }, ["openai/*"]],
    ["what meets all of its scopes", { tenant: "acme", key: "*", model: "openai/gpt-x" }, ["acme k1 openai/gpt-x"]],
    ["nothing if one is not met", { tenant: "acme", model: "gemini/*" }, []],
  ])("%s", (_case, scope, counted) => {
    expect(countedBy(scope)).toEqual(counted);
  });

  test("nothing of a caller without a key, where it is a key's", () => {
    expect(countedBy({ key: "*" }, { ...payer, key: undefined })).toEqual([]);
  });
});

test("days and months are those of UTC", () => {
  const at = Date.parse("2026-12-31T23:59:30.500Z");
  const endOf = (per: Budget["per"]) => new Date(windowOf(per, at)!.endsAt).toISOString();
  expect(["minute", "day", "month"].map((per) => endOf(per as Budget["per"]))).toEqual(
    Array.from({ length: 3 }, () => "2027-01-01T00:00:00.000Z"),
  );
  expect(new Date(windowOf("month", at)!.startsAt).toISOString()).toBe("2026-12-01T00:00:00.000Z");
  expect(windowOf("request", at)).toBeUndefined();
});

test.each([
  ["5usd/day", { limit: 5, unit: "usd", per: "day" }],
  ["0.25usd/request", { limit: 0.25, unit: "usd", per: "request" }],
  ["60requests/minute", { limit: 60, unit: "requests", per: "minute" }],
  ["0usd/day", undefined],
  ["5 usd/day", undefined],
  ["5eur/day", undefined],
  ["5usd/week", undefined],
  ["-5usd/day", undefined],
])("%s is an allowance, or is not", (text, expected) => {
  expect(parseAllowance(text)).toEqual(expected);
});
