import { describe, expect, test } from "vitest";
import { numberOf } from "./question.ts";

describe("numbers as people write them", () => {
  test.each([
    ["0", 0],
    ["007", 7],
    ["3.25", 3.25],
    [" 12 ", 12],
    ["12.", 12],
    ["1,234.50", 1234.5],
    ["1.234,50", 1234.5],
    ["1.234", 1.234],
    ["1,234", 1234],
    ["12,5", 12.5],
    ["-5", -5],
    ["$5", 5],
    ["12 %", 12],
    ["56ms", 56],
    ["2e3", 2000],
    ["2E-1", 0.2],
    ["21 °C", 21],
  ])("%j", (text, value) => {
    expect(numberOf(text)).toBe(value);
  });

  test.each(["", ".", "2026-06-01", "12:30", "1/2", "8d05", "0a1", "1.2.3", "5 apples", "v2", `${"9".repeat(400)}`])(
    "%j is none",
    (text) => {
      expect(numberOf(text)).toBeUndefined();
    },
  );
});
