// What a question is about, in many languages: its words of asking and its function words left out.

import { describe, expect, test } from "vitest";
import { createVocabulary } from "../words/vocabulary.ts";
import { queryTerms } from "./query-terms.ts";
import { readQuestion } from "./question-content.ts";
import { latinLanguages, otherLanguages, spacelessLanguages } from "./question-languages.ts";

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

/** What was said, asked or decided about the budget, or about budget and campaign. */
const questions: Readonly<Record<string, readonly [question: string, topic: readonly string[]]>> = {
  English: ["What did the group's manager say about the budget?", ["manager", "budget"]],
  Spanish: ["¿Qué dijo María sobre el presupuesto de la campaña?", ["María", "presupuesto", "campaña"]],
  Portuguese: ["O que a equipe decidiu sobre o orçamento?", ["orçamento"]],
  French: ["Quelle est la décision de l’équipe sur le budget de la campagne ?", ["budget", "campagne"]],
  Italian: ["Che ha detto Anna sul prezzo della batteria?", ["Anna", "prezzo", "batteria"]],
  German: ["Was hat die Gruppe über das Budget der Kampagne gesagt?", ["Budget", "Kampagne"]],
  Dutch: ["Wat besloot de groep over het budget?", ["budget"]],
  Polish: ["Co zespół powiedział o budżecie kampanii?", ["budżecie", "kampanii"]],
  Turkish: ["Ekip bütçe hakkında ne karar aldı?", ["bütçe", "aldı"]],
  Vietnamese: ["Nhóm đã thảo luận gì về ngân sách?", ["ngân", "sách"]],
  Indonesian: ["Apa yang dibahas tim tentang anggaran?", ["anggaran"]],
  Russian: ["Что сказала Анна о бюджете кампании?", ["Анна", "бюджете", "кампании"]],
  Ukrainian: ["Що вирішила команда про бюджет?", ["бюджет"]],
  Greek: ["Τι είπε η ομάδα για τον προϋπολογισμό;", ["προϋπολογισμό"]],
  Hebrew: ["מה אמרה רותם על תקציב הקמפיין?", ["רותם", "תקציב", "הקמפיין"]],
  Arabic: ["ماذا قال الفريق عن ميزانية الحملة؟", ["ميزانية", "الحملة"]],
  Persian: ["تیم درباره بودجه چه گفت؟", ["بودجه"]],
  Hindi: ["टीम ने बजट के बारे में क्या कहा?", ["बजट"]],
  Korean: ["팀은 예산에 대해 무엇을 논의했나요?", ["예산에"]],
  Chinese: ["小组关于遥控器的电池讨论了什么？", ["遥控器", "电池"]],
  Japanese: ["チームは予算について何を決めましたか？", ["予算"]],
  Thai: ["ทีมตัดสินใจอะไรเกี่ยวกับงบประมาณ", ["งบประมาณ"]],
};

test.each(Object.entries(questions))("%s", (_, [question, topic]) => {
  expect(wordsOf(readQuestion(question).topic)).toEqual(topic);
});

test("every language of the lists is asked in", () => {
  const names = [...latinLanguages, ...otherLanguages, ...spacelessLanguages].map(({ name }) => name);
  expect(Object.keys(questions).sort()).toEqual(names.sort());
});

describe("a name is no function word", () => {
  test.each(["die hard", "Where was Son Heung-min born?", "Que Sera Sera singer", "北京", "Нью-Йорк"])("%s", (question) => {
    const names = wordsOf(question).filter((word) => !/^(?:where|was)$/i.test(word));
    expect(wordsOf(readQuestion(question).topic)).toEqual(names);
  });
});

test("a question of nothing but function words is taken as it stands", () => {
  expect(readQuestion("什么？")).toEqual({ content: "什么？", topic: "" });
  expect(readQuestion("")).toEqual({ content: "", topic: "" });
});

test("function words count as terms, a quarter of the others", () => {
  const vocabulary = createVocabulary();
  const weights = queryTerms("¿Qué dijo María sobre el presupuesto?", vocabulary);
  expect(new Map([...weights].map(([id, weight]) => [vocabulary.term(id), weight]))).toEqual(
    new Map([
      ["dijo", 1],
      ["maria", 1],
      ["presup", 1],
      ["que", 0.25],
      ["sobr", 0.25],
      ["el", 0.25],
    ]),
  );
});

test("a question of a megabyte is read in one go", () => {
  const { content } = readQuestion("小组 said что ".repeat(70_000));
  expect(content.length).toBeGreaterThan(500_000);
});
