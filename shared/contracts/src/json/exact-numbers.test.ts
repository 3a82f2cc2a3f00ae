import { describe, expect, it } from "vitest";
import {
  exactNumberOf,
  holdsItsNumbers,
  parseExactly,
  parseKeepingDigits,
  parseWithExactArguments,
  withBigIntegers,
} from "./exact-numbers.ts";
import { mayHoldSurrogates, withWellFormedTexts } from "./well-formed-text.ts";
import { writeJson } from "./write-json.ts";

describe("numbers of a JSON text", () => {
  it("survive parsing when a double holds them", () => {
    for (const source of [
      "1",
      "0.1",
      "1.0",
      "-0.50",
      "1e21",
      "1E+2",
      "100000000000000000000",
      "9007199254740991",
      '"12345678901234567890"',
      '{"a":[1.25]}',
    ]) {
      expect(holdsItsNumbers(source), source).toBe(true);
    }
  });

  it("do not survive when they have more digits, or are out of range", () => {
    for (const source of [
      "12345678901234567890",
      "9007199254740993",
      "0.12345678901234567890123",
      "1e999",
      '{"a":"x","id":12345678901234567891}',
    ]) {
      expect(holdsItsNumbers(source), source).toBe(false);
    }
  });

  it("are found behind a string with a million escapes", () => {
    const text = JSON.stringify('"'.repeat(1_000_000));
    expect(holdsItsNumbers(`[${text},1e21]`)).toBe(true);
    expect(holdsItsNumbers(`[${text},12345678901234567891]`)).toBe(false);
  });

  const source =
    '{"id":1234567890123456789,"text":"12345678901234567890 \\" 1e999","list":[0.10000000000000001,-9007199254740993,1.50,1e999],"__proto__":[12345678901234567891]}';

  it("become strings of their digits, only those that a double does not hold", () => {
    expect(JSON.stringify(parseKeepingDigits(source))).toBe(
      '{"id":"1234567890123456789","text":"12345678901234567890 \\" 1e999","list":["0.10000000000000001","-9007199254740993",1.5,"1e999"],"__proto__":["12345678901234567891"]}',
    );
    expect(parseKeepingDigits(" 12345678901234567890 ")).toBe("12345678901234567890");
  });

  it("are written as they were read", () => {
    expect(JSON.stringify(parseExactly(source))).toBe(source.replace("1.50", "1.5"));
    expect(JSON.stringify(parseExactly(" 12345678901234567890 "))).toBe("12345678901234567890");
  });

  it("do not repair what is no JSON", () => {
    for (const wrong of [
      "{12345678901234567890:1}",
      "[0012345678901234567890]",
      "[12345678901234567890x]",
      "[1.2.34567890123456789]",
    ]) {
      expect(() => parseKeepingDigits(wrong), wrong).toThrow(SyntaxError);
      expect(() => parseExactly(wrong), wrong).toThrow(SyntaxError);
    }
  });

  it("are kept at any depth", () => {
    const deep = `${"[".repeat(100_000)}12345678901234567890${"]".repeat(100_000)}`;
    expect(writeJson(parseExactly(deep))).toBe(deep);
    expect(writeJson(parseKeepingDigits(deep))).toHaveLength(deep.length + 2);
  });

  it("are told from other texts", () => {
    expect(exactNumberOf("12345678901234567890")).toEqual({ rawJSON: "12345678901234567890" });
    for (const text of [
      "",
      "1",
      "0012345678901234567890",
      "+12345678901234567890",
      "12345678901234567890.",
      "123456789012345680",
      `${"1".repeat(20)}x`,
    ]) {
      expect(exactNumberOf(text), text).toBeUndefined();
    }
  });
});

describe("JSON of any depth", () => {
  it("is written as JSON.stringify would, had it the stack", () => {
    const shallow = { a: [1, "x\n", null, true, {}, []], 'k"': { b: [[2]] } };
    const nested = (inner: string): string => `${'{"a":[1,'.repeat(20_000)}${inner}${"]}".repeat(20_000)}`;
    const text = nested(JSON.stringify(shallow));
    expect(writeJson(JSON.parse(text))).toBe(text);
    expect(writeJson(shallow)).toBe(JSON.stringify(shallow));
  });
});

describe("numbers in the arguments of tools", () => {
  const source =
    '{"at":1764259200000.1234567,"tools":[{"arguments":{"ids":[2512292042121000001],"deep":{"arguments":9007199254740993}}}]}';

  it("keep their digits when they are written again; others stay numbers", () => {
    const parsed = parseWithExactArguments(source) as { at: unknown };
    expect(parsed.at).toBe(1764259200000.1235);
    expect(JSON.stringify(parsed)).toContain('"ids":[2512292042121000001],"deep":{"arguments":9007199254740993}');
  });

  it("are BigInts and doubles for a schema", () => {
    const parsed = parseWithExactArguments('{"arguments":[2512292042121000001,1e400,0.12345678901234567890,7]}');
    expect(withBigIntegers(parsed)).toEqual({
      arguments: [2512292042121000001n, Number.POSITIVE_INFINITY, 0.12345678901234568, 7],
    });
  });
});

describe("unpaired surrogates", () => {
  const source = String.raw`{"query":"a\ud83d","\udc00":[{"text":"\ud83d\ude00"}],"documents":[{"title":"\ud800x","text":"ok"}]}`;

  it("become U+FFFD in texts and in names; pairs stay", () => {
    expect(mayHoldSurrogates(source)).toBe(true);
    expect(withWellFormedTexts(JSON.parse(source))).toEqual({
      query: "a\ufffd",
      "\ufffd": [{ text: "😀" }],
      documents: [{ title: "\ufffdx", text: "ok" }],
    });
    expect(mayHoldSurrogates('{"query":"\\u00e9"}')).toBe(false);
  });
});
