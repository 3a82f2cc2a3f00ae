// A word of a question is found in a text that writes it with particles, prefixes or another ending.

import { describe, expect, test } from "vitest";
import { queryTerms } from "../questions/query-terms.ts";
import { indexTexts } from "../ranking/index-texts.ts";
import { stemOf } from "./stem.ts";
import { createVocabulary } from "./vocabulary.ts";
import { termsOfWord } from "./word-terms.ts";

const forms: readonly (readonly [language: string, one: string, other: string])[] = [
  ["English, past", "shipped", "ship"],
  ["English, plural", "companies", "company"],
  ["Russian", "кампании", "кампания"],
  ["Ukrainian", "бюджету", "бюджет"],
  ["Greek", "σπίτια", "σπίτι"],
  ["Arabic, article", "البيت", "بيت"],
  ["Arabic, preposition", "للشركة", "الشركة"],
  ["Hebrew, article", "הבית", "בית"],
  ["Hebrew, preposition and plural", "בספרים", "ספר"],
  ["Hindi, oblique plural", "घरों", "घर"],
  ["Korean, object and topic", "환불정책을", "환불정책은"],
  ["Korean, place", "회의에서", "회의"],
];

describe("two forms of a word have one stem", () => {
  test.each(forms)("%s: %s, %s", (_, one, other) => {
    expect(stemOf(one)).toBe(stemOf(other));
    expect(termsOfWord(one)).toEqual(termsOfWord(other));
  });
});

test.each([
  ["too short for a particle", "아이"],
  ["nothing but a prefix", "ול"],
  ["of another script", "漢字"],
  ["with digits", "ord117s"],
])("a word is its own stem when it is %s", (_, word) => {
  expect(stemOf(word)).toBe(word);
});

test.each([
  ["organ", "organization"],
  ["general", "generous"],
  ["кампании", "компании"],
])("%s and %s stay apart", (one, other) => {
  expect(stemOf(one)).not.toBe(stemOf(other));
});

/** Which sentence answers; the others are about other things, some with a word of the question's. */
const questions: readonly (readonly [language: string, question: string, answer: string, others: readonly string[]])[] = [
  [
    "English",
    "Who approves refunds?",
    "A refund is approved by the finance team.",
    ["The team meets on Monday.", "Shipping takes two days."],
  ],
  [
    "Korean",
    "환불정책을 누가 승인하나요?",
    "환불정책은 재무팀이 승인합니다.",
    ["배송은 이틀이 걸립니다.", "회의는 월요일에 열립니다."],
  ],
  ["Japanese", "返金は誰が承認しますか？", "返金の承認は財務部が行います。", ["配送には二日かかります。", "会議は月曜日です。"]],
  ["Chinese", "谁批准退款？", "退款由财务部批准。", ["配送需要两天。", "会议在星期一举行。"]],
  ["Thai", "ใครอนุมัติการคืนเงิน", "การคืนเงินต้องได้รับการอนุมัติจากฝ่ายการเงิน", ["การจัดส่งใช้เวลาสองวัน", "ประชุมวันจันทร์"]],
  [
    "Arabic",
    "من يوافق على رد المبالغ للعملاء؟",
    "يوافق القسم المالي على رد المبلغ إلى العميل.",
    ["يستغرق الشحن يومين.", "يعقد الاجتماع يوم الاثنين."],
  ],
  ["Hebrew", "מי מאשר את ההחזרים?", "החזר מאושר בידי מחלקת הכספים.", ["המשלוח אורך יומיים.", "הישיבה ביום שני."]],
  [
    "Hindi",
    "वापसियों को कौन मंज़ूर करता है?",
    "वापसी को वित्त विभाग मंज़ूर करता है।",
    ["डिलीवरी में दो दिन लगते हैं।", "बैठक सोमवार को होती है।"],
  ],
  [
    "Russian",
    "Кто утверждает возвраты?",
    "Возврат утверждён финансовым отделом.",
    ["Доставка длится два дня.", "Совещание в понедельник."],
  ],
];

describe("a question ranks the sentence first that answers it", () => {
  test.each(questions)("%s", (_, question, answer, others) => {
    const vocabulary = createVocabulary();
    const { index } = indexTexts([...others, answer], vocabulary);
    const scores = new Float64Array(others.length + 1);
    index.addScores(queryTerms(question, vocabulary), scores);
    expect(scores.at(-1)).toBeGreaterThan(Math.max(0, ...scores.slice(0, -1)));
  });
});

describe("a number in a word", () => {
  const scoresOf = (question: string, texts: readonly string[]): number[] => {
    const vocabulary = createVocabulary();
    const { index } = indexTexts(texts, vocabulary);
    const scores = new Float64Array(texts.length);
    index.addScores(queryTerms(question, vocabulary), scores);
    return [...scores];
  };
  const others = ["Nothing is due.", "A bill of 42680 is due.", "The digest is a4268b01c9d4e.", "It is no. 426."];

  test.each([
    "It is A4268.",
    "It is SKU-4268.",
    "It is INV4268.",
    "02D4268,00NTRF",
    "It took 4268ms.",
    "Ж4268 ушёл.",
    "编号4268型",
  ])("is found by the number: %s", (text) => {
    const [own, ...rest] = scoresOf("Which one is 4268?", [text, ...others]);
    expect(own).toBeGreaterThan(0);
    expect(Math.max(...rest)).toBe(0);
  });

  test("finds the number by itself, but the word first", () => {
    const [word, number, otherWord, none] = scoresOf("Where is A4268?", ["It is A4268.", "It is 4268.", "It is B4268.", "No."]);
    expect(word).toBeGreaterThan(2 * (number as number));
    expect(number).toBeGreaterThan(0);
    expect(otherWord).toBeLessThanOrEqual(number as number);
    expect(none).toBe(0);
  });

  test("leaves digests and short numbers alone", () => {
    for (const word of ["a4268b01c9d4e", "01T10", "utf8", "4268"]) expect(termsOfWord(word)).toHaveLength(1);
    expect(termsOfWord("260302D4268")).toEqual(["260302d4268", "260302", "4268"]);
  });
});
