// What a ledger takes from what was said, and that it stays bounded.
import type { LedgerEntry, SessionTurn } from "@nocp/contracts/session.ts";
import { isDecision, isQuestion } from "@nocp/text/ledger/decision.ts";
import { distinctiveness } from "@nocp/text/ledger/distinctiveness.ts";
import { extendLedger, ledgerLimits } from "@nocp/text/ledger/ledger.ts";
import { ledgerValues } from "@nocp/text/ledger/ledger-values.ts";
import { describe, expect, test } from "vitest";
import { expectLinearWork } from "../../../../../test/linear-work.ts";
import { headWithSummary, headWithTurn, newSessionHead } from "./session-head.ts";

const turnOf = (number: number, ...texts: string[]): SessionTurn => ({
  v: 1,
  number,
  requestId: `request-${number}`,
  at: number * 1000,
  messages: texts.map((text) => ({ role: "user", text })),
  inputTokens: { raw: 100, optimized: 30 },
});

test.each([
  ["My booking code is QX-7731.", ["identifier QX-7731"]],
  [
    "Write to ana.lopez@mail.example or see https://x.example/a?b=1 now.",
    ["identifier ana.lopez@mail.example", "identifier https://x.example/a?b=1"],
  ],
  [
    "The job job_runner_7 failed with E1042 on 2026-03-05.",
    ["identifier job_runner_7", "identifier E1042", "identifier 2026-03-05"],
  ],
  ["It delivers 48.5 litres and costs €1,200.", ["number 48.5", "number €1,200"]],
  ["The load is 75% at 20 kW.", ["number 75%", "number 20 kW"]],
  ["Please call Marguerite Oyelaran about it.", ["name Marguerite Oyelaran"]],
  ["Then I met Ludwig van Beethoven.", ["name Ludwig van Beethoven"]],
  ["We decided to use PostgreSQL.", ["decision We decided to use PostgreSQL.", "name PostgreSQL"]],
  ["我的订单号是QX-7731,请记住。", ["identifier QX-7731"]],
  ["会议决定把发布日期推迟。机房是21.5度。", ["decision 会议决定把发布日期推迟。", "number 21.5度"]],
  ["Good morning, how are you?", []],
  ["", []],
])("%j holds %j", (text, expected) => {
  expect(ledgerValues(text).map(({ kind, value }) => `${kind} ${value}`)).toEqual(expected);
});

test("a value carries the sentence it stands in, or the part around it", () => {
  const [plain] = ledgerValues("Hello there. My code is QX-7731. Goodbye.");
  expect(plain?.context).toBe("My code is QX-7731.");
  const [cut] = ledgerValues(`${"so ".repeat(100)}the code is QX-7731 ${"and on ".repeat(100)}`);
  expect(cut?.context).toContain("the code is QX-7731");
  expect(cut?.context.length).toBeLessThanOrEqual(162);
});

test.each(["a.", "A1-", "1.", "Xx ", "?!"])(
  "many times %j are read with work in proportion to their number, and give a bounded number of values",
  async (piece) => {
    await expectLinearWork((count) => {
      expect(ledgerValues(piece.repeat(count)).length).toBeLessThanOrEqual(64);
    }, 100_000);
  },
);

test.each([
  ["We have decided on the red one.", true],
  ["Let's go with option B.", true],
  ["Decision: ship on Friday.", true],
  ["Wir haben beschlossen zu warten.", true],
  ["Nous avons décidé de partir.", true],
  ["Hemos decidido esperar.", true],
  ["我们就用这个方案。", true],
  ["The weather is fine.", false],
  ["I am undecided, what do you think?", false],
])("%j settles something: %j", (text, expected) => {
  expect(isDecision(text)).toBe(expected);
});

test.each([
  ["Is it ready?", true],
  ["准备好了吗？没有。", true],
  ["See https://x.example/a?b=1 for it.", false],
  ["It is ready.", false],
])("%j asks something: %j", (text, expected) => {
  expect(isQuestion(text)).toBe(expected);
});

describe("a ledger", () => {
  test("counts the turns that come back to a value, and names the first", () => {
    const first = extendLedger([], turnOf(3, "My code is QX-7731.", "QX-7731 again."));
    const second = extendLedger(first, turnOf(9, "Is QX-7731 valid?"));
    expect(second).toEqual([{ value: "QX-7731", kind: "identifier", turn: 3, context: "My code is QX-7731.", mentions: 2 }]);
  });

  test("stays within its limits; what repeats the others, is used least and is oldest goes", () => {
    let ledger: LedgerEntry[] = extendLedger([], turnOf(1, "My passport has the number P-4471-X.", "Receipt RC-10001 is in."));
    for (let turn = 2; turn <= 300; turn++) ledger = extendLedger(ledger, turnOf(turn, `Receipt RC-${10_000 + turn} is in.`));
    expect(ledger.length).toBeGreaterThan(ledgerLimits.identifier / 2);
    expect(ledger.length).toBeLessThanOrEqual(ledgerLimits.identifier);
    const values = ledger.map(({ value }) => value);
    expect(values).toEqual(expect.arrayContaining(["P-4471-X", "RC-10300", "RC-10299"]));
    expect(values).not.toContain("RC-10001");
  });
});

test("a sentence unlike the others stands out, in any script", () => {
  const [first, second, other] = distinctiveness([
    "The garden is green",
    "The garden is wet",
    "My daughter cannot eat peanuts",
  ]) as [number, number, number];
  expect(other).toBeGreaterThan(first);
  expect(first).toBeCloseTo(second);
  const chinese = distinctiveness(["今天花园很美", "今天花园很湿", "女儿对花生过敏"]);
  expect(chinese[2]).toBeGreaterThan(chinese[0] as number);
  expect(distinctiveness(["", "42"])).toEqual([0, 0]);
});

describe("a head", () => {
  const empty = newSessionHead({ tenant: "default", id: "s1" }, "e1", 500);

  test("takes a turn in once", () => {
    const head = headWithTurn(empty, turnOf(1, "My code is QX-7731."));
    expect(head).toMatchObject({ turns: 1, updatedAt: 1000, createdAt: 500, totals: { rawTokens: 100, optimizedTokens: 30 } });
    expect(headWithTurn(head, turnOf(1, "My code is QX-7731."))).toBe(head);
  });

  test("counts the generations of its summary, and remembers the last compaction", () => {
    const once = headWithSummary(empty, { text: "a", throughTurn: 4, at: 7000 });
    const twice = headWithSummary(once, { text: "b", throughTurn: 9, at: 8000 });
    expect(twice.summary).toEqual({ text: "b", generations: 2, throughTurn: 9 });
    expect(twice.totals).toMatchObject({ compactions: 2, lastCompactionAt: 8000 });
  });
});
