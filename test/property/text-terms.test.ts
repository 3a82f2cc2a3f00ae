// The terms of any text: those of its words, whatever was read before and in whatever parts it is read.
import { createVocabulary } from "@nocp/text/words/vocabulary.ts";
import { termsOfWord, wordPattern } from "@nocp/text/words/word-terms.ts";
import fc from "fast-check";
import { expect, test } from "vitest";

/** Characters and words at which reading turns: ASCII beside other scripts, marks, scripts without spaces, long words. */
const turningPoints = fc.constantFrom(
  ..."aZ9 _-.'’–éŁ\u0301ßпЖ漢字あア한ไ𠮷😀\n\ud800",
  ..." the,Elected,naïve,AB1234567890,abcdefghijkl,abcdefghijklm,президентом,东京塔,ＡＢＣ".split(","),
  "x".repeat(130),
  "字".repeat(70),
);
const anyText = fc.oneof(
  fc.array(turningPoints, { maxLength: 20 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.lorem({ maxCount: 5 }),
);
const maxWordLength = 64;

function termsByPattern(text: string): string[] {
  const terms: string[] = [];
  for (const [word] of text.matchAll(wordPattern())) {
    for (let at = 0; at < word.length; at += maxWordLength) terms.push(...termsOfWord(word.slice(at, at + maxWordLength)));
  }
  return terms;
}

test("are those that the pattern of words finds", () => {
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 3 }), (texts) => {
      const vocabulary = createVocabulary();
      const ids: number[] = [];
      for (const text of texts) vocabulary.append(text, ids);
      expect(ids.map(vocabulary.term)).toEqual(texts.flatMap(termsByPattern));
    }),
    { numRuns: 2000 },
  );
});

test("of two vocabularies that take turns have ids of their own", () => {
  const first = createVocabulary();
  const second = createVocabulary();
  const idsOf = { first: [] as number[], second: [] as number[] };
  for (const word of ["river", "tower", "river"]) {
    first.append(word, idsOf.first);
    second.append(`old ${word}`, idsOf.second);
  }
  expect(idsOf.first.map(first.term)).toEqual(["river", "tower", "river"]);
  expect(idsOf.second.map(second.term)).toEqual(["old", "river", "old", "tower", "old", "river"]);
});
