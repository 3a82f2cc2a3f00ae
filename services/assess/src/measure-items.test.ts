// The counter says what js-tiktoken says, text by text.
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { Tiktoken } from "js-tiktoken/lite";
import cl100k from "js-tiktoken/ranks/cl100k_base";
import o200k from "js-tiktoken/ranks/o200k_base";
import { describe, expect, test } from "vitest";
import { contextItems } from "../../../test/fixtures/context-items.ts";
import { renderItem } from "./measure-items.ts";

const models = { o200k_base: "gpt-4o", cl100k_base: "gpt-4" } as const;
const reference = { o200k_base: new Tiktoken(o200k), cl100k_base: new Tiktoken(cl100k) };

function expectSameCount(text: string, encoding: keyof typeof models): void {
  const own = createTokenCounter(models[encoding]).count(text);
  // No special tokens: what looks like one is text.
  expect(own, JSON.stringify(text.slice(0, 60))).toBe(reference[encoding].encode(text, [], []).length);
}

const alphabets = [
  "abcdefghij ETAOIN",
  "0123456789.,- ",
  "äöüßéñ çÅ",
  "北京是中华人民共和国",
  "привет мир ",
  '{"a":[1,null],"b":"c"}\n',
  "🙂👩‍👩‍👧\u200d ",
  "don't I'LL we've \t\r\n",
];

/** A linear congruential generator: the same texts in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state;
  }
}

describe.each(["o200k_base", "cl100k_base"] as const)("%s", (encoding) => {
  test("on generated text", () => {
    const random = numbers(42);
    for (let sample = 0; sample < 300; sample++) {
      let text = "";
      const parts = random.next().value % 30;
      for (let part = 0; part < parts; part++) {
        const characters = [...(alphabets[random.next().value % alphabets.length] as string)];
        const length = random.next().value % 12;
        for (let at = 0; at < length; at++) text += characters[random.next().value % characters.length];
      }
      expectSameCount(text, encoding);
    }
  });

  test.each(contextItems)("on the $kind $id", (item) => expectSameCount(renderItem(item), encoding));
});
