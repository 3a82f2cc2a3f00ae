// Words of a question are found in values that hold them in another form, in any script, and not inside other words.
import { parseQuestion } from "@nocp/text/questions/question.ts";
import { expect, test } from "vitest";
import { createValueMatcher } from "./value-matches.ts";

const found = (question: string, value: string): boolean => createValueMatcher(parseQuestion(question))(value).length > 0;

test.each([
  ["English", "Which companies shipped late?", "A company that ships late"],
  ["English, a literal", "Where is ORD-117?", "see ORD-117."],
  ["German", "Welche Lieferungen fehlen?", "Lieferung an das Lager"],
  ["Russian", "Какие возвраты не утверждены?", "возврата нет"],
  ["Arabic", "ما سعر الكتاب؟", "كتاب قديم"],
  ["Hebrew", "מה מחיר הספר?", "ספרים ישנים"],
  ["Hindi", "किताबों का दाम क्या है?", "पुरानी किताब"],
  ["Korean", "환불정책을 알려줘", "새 환불정책은 30일"],
  ["Japanese", "返金の担当は誰ですか", "返金担当者"],
  ["Chinese", "退款由谁负责？", "负责退款的人"],
  ["Thai", "ใครดูแลการคืนเงิน", "ฝ่ายคืนเงิน"],
  ["a number behind a letter", "Which book has 4268 pages?", "$a4268 pages"],
  ["a number between letters", "Who paid 4268?", "2603020302D4268,00NTRF"],
  [
    "a number in a long sentence without spaces",
    "谁付了4268元？",
    `${"我们在会议上讨论了这个问题".repeat(3)}并且付了4268元${"然后大家都离开了会议室".repeat(3)}`,
  ],
  ["a number before its unit", "Which call took 4268 ms?", "took 4268ms"],
])("%s", (_, question, value) => {
  expect(found(question, value)).toBe(true);
});

test.each([
  ["a part of a longer word", "What does the port cost?", "passports and transport"],
  ["a longer identifier", "Where is ORD-117?", "ORD-1178"],
  ["a part of a longer number", "Who paid 4268?", "D42680,00"],
  ["digits of a digest", "Who paid 4268?", "commit a4268b01c9d4e"],
  ["a Russian word with the same beginning", "Какие кампании были?", "компания"],
  ["nothing in common", "ما سعر الكتاب؟", "شركة النقل"],
])("%s is no match", (_, question, value) => {
  expect(found(question, value)).toBe(false);
});
