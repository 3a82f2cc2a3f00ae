// Sentences, terms and the index: the parts that selection is made of.

import { queryTerms } from "@nocp/text/questions/query-terms.ts";
import { splitSentences } from "@nocp/text/structure/split-sentences.ts";
import { createVocabulary } from "@nocp/text/words/vocabulary.ts";
import { describe, expect, test } from "vitest";
import { fillBudget } from "./fill-budget.ts";
import { indexPassages } from "./passages.ts";
import { protectedValues } from "./protected-values.ts";
import { openTerms } from "./question-coverage.ts";
import { scoreSentences } from "./score-sentences.ts";

const sentencesOf = (text: string): string[] => splitSentences(text).map(({ start, end }) => text.slice(start, end));
const termsOf = (text: string): string[] => {
  const vocabulary = createVocabulary();
  const ids: number[] = [];
  vocabulary.append(text, ids);
  return ids.map(vocabulary.term);
};

describe("sentences", () => {
  test.each([
    ["two", "It rained. It stopped.", ["It rained.", " It stopped."]],
    ["initials and abbreviations end none", "Mr. J. Smith met Dr. Who. He left.", ["Mr. J. Smith met Dr. Who.", " He left."]],
    ["numbers with a stop in them end none", "It is 3.5 m high. It fell.", ["It is 3.5 m high.", " It fell."]],
    ["quotes belong to theirs", 'He said "stop!" She did.', ['He said "stop!"', " She did."]],
    ["lines end them", "first\n\nsecond\nthird", ["first\n\n", "second\n", "third"]],
    ["indented lines stay with the one above them", "a:\n  b: 1\n  c: 2\nd:\n  e: 3", ["a:\n  b: 1\n  c: 2\n", "d:\n  e: 3"]],
    ["a paragraph indents its first line only", "It ends.\n  It begins.", ["It ends.\n", "  It begins."]],
    ["Chinese has no space after them", "北京很大。上海也是！", ["北京很大。", "上海也是！"]],
    ["Hindi ends them with a danda", "यह पहला है। यह दूसरा है।", ["यह पहला है।", " यह दूसरा है।"]],
    [
      "Korean ends them as English does",
      "환불은 승인됩니다. 배송은 이틀 걸립니다.",
      ["환불은 승인됩니다.", " 배송은 이틀 걸립니다."],
    ],
    ["Hebrew does, too", "ההחזר מאושר. מתי הישיבה? ביום שני.", ["ההחזר מאושר.", " מתי הישיבה?", " ביום שני."]],
    [
      "Thai has no mark for their ends, but a space",
      "การคืนเงินต้องได้รับอนุมัติจากฝ่ายการเงิน การจัดส่งใช้เวลาสองวัน",
      ["การคืนเงินต้องได้รับอนุมัติจากฝ่ายการเงิน", " การจัดส่งใช้เวลาสองวัน"],
    ],
    ["Thai has spaces around numbers, names and short phrases as well", "ค่าปรับวันละ 5 บาท ต่อเล่ม", ["ค่าปรับวันละ 5 บาท ต่อเล่ม"]],
    ["Arabic asks with its own mark", "ما هذا؟ هذا كتاب.", ["ما هذا؟", " هذا كتاب."]],
  ])("%s", (_, text, expected) => {
    expect(sentencesOf(text)).toEqual(expected);
  });

  test("a text without marks is cut into pieces that make it up again", () => {
    for (const text of ["word ".repeat(1000), "字".repeat(3000), "😀".repeat(2000)]) {
      const pieces = sentencesOf(text);
      expect(pieces.length).toBeGreaterThan(5);
      expect(pieces.join("")).toBe(text);
      for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
    }
  });
});

describe("terms", () => {
  test.each([
    ["inflections meet", "elected elects electing", "elect"],
    ["case and marks do not matter", "Müller MULLER müller", "muller"],
    ["full width is the same", "ＡＢＣ１２ abc12", "abc12"],
  ])("%s", (_, text, term) => {
    expect(new Set(termsOf(text))).toEqual(new Set([term]));
  });

  test("function words carry no topic", () => {
    expect(termsOf("who is the of and")).toEqual([]);
  });

  test("an identifier stays whole, and its number is found by itself", () => {
    expect(termsOf("AB1234567890")).toEqual(["ab1234567890", "1234567890"]);
  });

  test.each([
    ["Chinese", "北京是首都", "首都是哪里"],
    ["Japanese", "東京タワーの高さ", "東京タワーはどこ"],
    ["Thai", "กรุงเทพมหานครเป็นเมืองหลวง", "เมืองหลวง"],
    ["Russian", "президентом страны", "президента"],
    ["Greek", "πρωτεύουσα", "πρωτεύουσας"],
    ["Arabic", "العاصمة", "عاصمة"],
    ["Turkish", "başkentinden", "başkenti"],
  ])("words of %s meet without spaces or stems", (_, text, query) => {
    const terms = new Set(termsOf(text));
    expect(termsOf(query).some((term) => terms.has(term))).toBe(true);
  });
});

describe("scores", () => {
  const passages = [
    { title: "Hello Love", text: "Hello Love is a 1974 single by Hank Snow. It reached the top of the chart." },
    { title: "Hank Snow", text: "He moved to Nashville in 1949. He made many records." },
    { title: "Nashville", text: "The city lies on a river. It has many parks." },
    { title: "Weather", text: "It rains in spring. The sun shines in summer." },
  ];

  test("a question reaches a passage through the names that the first one mentions", () => {
    const vocabulary = createVocabulary();
    const index = indexPassages(passages, vocabulary);
    const { direct, linked } = scoreSentences(
      index,
      queryTerms("Where did the performer of Hello Love live?", vocabulary),
      vocabulary,
    );
    const best = (scores: Float64Array | undefined, passage: number): number =>
      Math.max(...(scores ?? []).slice(index.firstSentence[passage], index.firstSentence[passage + 1]));
    expect(best(direct, 1)).toBeCloseTo(best(direct, 3));
    expect(best(linked, 1)).toBeGreaterThan(best(linked, 3) + 0.5);
    expect(best(linked, 2)).toBeGreaterThan(best(linked, 3));
  });

  test("a question that one passage covers leaves nothing open", () => {
    const vocabulary = createVocabulary();
    const index = indexPassages(passages, vocabulary);
    const open = (query: string) => openTerms(index, queryTerms(query, vocabulary));
    expect(open("Hello Love single Hank Snow")).toBe(0);
    expect(open("Which river city did the singer of Hello Love move to in spring?")).toBeGreaterThan(1.5);
  });
});

test("a budget is filled by score, and what does not fit is passed over", () => {
  const { kept, spentTokens } = fillBudget({ scores: [1, 5, 4, 0], budgetTokens: 10, costOf: (unit) => [3, 6, 5, 1][unit] ?? 0 });
  expect([...kept].sort()).toEqual([0, 1]);
  expect(spentTokens).toBe(9);
});

describe("values to protect", () => {
  test("in prose: identifiers, dates, amounts, addresses and names", () => {
    const values = protectedValues(
      "Please book HAT271 for Omar Rossi (omar_rossi_1241, omar@example.com) on 2024-05-26 for $1956.",
    );
    expect(values.map(({ text }) => text)).toEqual([
      "HAT271",
      "Omar",
      "Rossi",
      "omar_rossi_1241",
      "omar@example.com",
      "2024-05-26",
      "1956",
    ]);
  });

  test("in JSON: every short field, with its name", () => {
    const values = protectedValues('{"cabin":"economy","price":123,"paid":true,"note":null,"ids":["A1B2"]}');
    expect(values.map(({ text, key, rank }) => [text, key, rank])).toEqual([
      ["economy", "cabin", 1],
      ["123", "price", 2],
      ["A1B2", "ids", 0],
    ]);
  });
});
