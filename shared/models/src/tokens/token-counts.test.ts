import { maxPartBytes } from "@nocp/text/tokens/merge-pairs.ts";
import { Tiktoken } from "js-tiktoken/lite";
import cl100k from "js-tiktoken/ranks/cl100k_base";
import o200k from "js-tiktoken/ranks/o200k_base";
import { describe, expect, it } from "vitest";
import { expectLinearWork } from "../../../../test/linear-work.ts";
import { createTokenCounter } from "./create-token-counter.ts";

const references = { o200k_base: new Tiktoken(o200k), cl100k_base: new Tiktoken(cl100k) };
const models = { o200k_base: "gpt-4o", cl100k_base: "gpt-4" };
const encodings = ["o200k_base", "cl100k_base"] as const;

/** Special tokens in a text are text: nothing is allowed, nothing is refused. */
const reference = (encoding: (typeof encodings)[number], text: string): number =>
  references[encoding].encode(text, [], []).length;

const samples: Readonly<Record<string, string>> = {
  "the empty text": "",
  prose: "It's the employees' turn; they'll say they DON'T, we've heard. HTTPServer's iPhoneX costs $1,234.56!",
  code: 'export const x = (a: number[]) => {\n\treturn a.map((v) => v ** 2); // "squared"\n};\n\n\n',
  JSON: JSON.stringify({ id: 12345678, tags: ["a", "b"], nested: { url: "https://example.com/a?b=c", none: null } }),
  "Chinese, Japanese and Thai": "今天天气很好。東京タワーに行きたい。ภาษาไทยไม่มีช่องว่างระหว่างคำ",
  "Arabic and Hebrew": "مرحبا بالعالم، كيف حالك؟ שלום עולם",
  emoji: "👩‍👩‍👧‍👦 ok 🏳️‍🌈🇩🇪 \u{1F9D1}\u{1F3FD}\u200D\u{1F680}",
  "special tokens as plain text": "<|endoftext|> and <|im_start|>user<|im_end|> <|fim_prefix|>",
  "lone surrogates": "a\ud800b \udc00\udc00 c\ud83d",
  "byte order marks": "\ufeffa b\ufeff c",
  blanks: "  a   b\t\tc \n\n  d\r\n \r\n   ",
  "combining marks": "e\u0301 !\u0301A\u0301 \u0903x नमस्ते",
  "letters of all cases": "ǅungla ʰªº ÀÉÎ straßE ſK'ſ aBcDE",
};

describe("the token counter of an OpenAI model", () => {
  for (const encoding of encodings) {
    for (const [name, text] of Object.entries(samples)) {
      it(`counts ${name} like js-tiktoken in ${encoding}`, () => {
        expect(createTokenCounter(models[encoding]).count(text)).toBe(reference(encoding, text));
      });
    }

    it(`counts a text longer than its buffer like js-tiktoken in ${encoding}`, () => {
      const text = Object.values(samples).join(" ").repeat(40);
      expect(createTokenCounter(models[encoding]).count(text)).toBe(reference(encoding, text));
    });
  }

  it("merges a run up to the guard exactly", () => {
    // js-tiktoken is quadratic on runs: one as long as it bears.
    const run = "abcdefghij".repeat(150);
    expect(createTokenCounter("gpt-4o").count(run)).toBe(reference("o200k_base", run));
  });

  it("changes the count of a run beyond the guard by a few tokens a cut at most", () => {
    const { count } = createTokenCounter("gpt-4o");
    for (const piece of ["_", "ab", "漢字", "😀", "aBcD"]) {
      const part = piece.repeat(Math.floor(maxPartBytes / Buffer.byteLength(piece)));
      const whole = count(part.repeat(10));
      expect(Math.abs(whole - 10 * count(part))).toBeLessThanOrEqual(10 * 4);
    }
  });

  const hostile = { underscores: "_", letters: "a", spaces: " ", newlines: "\n", ideographs: "漢", emoji: "😀", digits: "7" };
  for (const [name, character] of Object.entries({ ...hostile, "mixed characters": "aB_1 漢😀\n" })) {
    it(`takes work in proportion to the number of ${name}`, async () => {
      const { count } = createTokenCounter("gpt-4o");
      await expectLinearWork((units) => count(character.repeat(units / character.length)), 100_000);
    });
  }
});

describe("the encoding of a model", () => {
  const expected = {
    "gpt-4o-mini": "o200k_base exact",
    "gpt-4.1": "o200k_base exact",
    "gpt-5": "o200k_base exact",
    o3: "o200k_base exact",
    "openai/gpt-4o": "o200k_base exact",
    "ft:gpt-3.5-turbo:acme::1": "cl100k_base exact",
    "gpt-4": "cl100k_base exact",
    "gpt-4-turbo": "cl100k_base exact",
    "text-embedding-3-small": "cl100k_base exact",
    "claude-sonnet-4-5": "o200k_base calibrated",
    "google/gemini-2.5-flash": "o200k_base calibrated",
    "llama-3.3-70b": "o200k_base calibrated",
  };
  for (const [model, encoding] of Object.entries(expected)) {
    it(`is ${encoding} for ${model}`, () => {
      const counter = createTokenCounter(model);
      expect(`${counter.encoding} ${counter.accuracy}`).toBe(encoding);
    });
  }

  it("starts above o200k_base where the vendor's vocabulary is known to need more tokens", () => {
    const text = "The quick brown fox jumps over the lazy dog. ".repeat(20);
    const exact = createTokenCounter("gpt-4o").count(text);
    expect(createTokenCounter("claude-sonnet-4-5").count(text)).toBe(Math.ceil(exact * 1.2));
    expect(createTokenCounter("gemini-2.5-pro").count(text)).toBe(Math.ceil(exact * 1.08));
  });

  it("uses what was learned about a model at every count", () => {
    let factor = 1.5;
    const counter = createTokenCounter("claude-x", () => ({ factor, samples: 1 }));
    const first = counter.count("one two three four five six");
    factor = 3;
    expect(counter.count("one two three four five six")).toBe(first * 2);
  });
});
