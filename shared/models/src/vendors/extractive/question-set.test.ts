// The extractive provider over documents in twelve languages: what it is sure of is right, and what a text does not answer is declined.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { promptOf } from "../../../../../test/fixtures/llm-router-fixtures.ts";
import { extractAnswer, noAnswer } from "./extract-answer.ts";

interface QuestionSet {
  readonly document: string;
  /** A question, and what its answer holds; null for one that the document does not answer. */
  readonly questions: readonly (readonly [question: string, answer: string | null])[];
}

const folder = resolve(import.meta.dirname, "../../../../../test/fixtures/question-set");
const read = (file: string): string => readFileSync(resolve(folder, file), "utf8");
const sets: readonly QuestionSet[] = JSON.parse(read("questions.json"));

const answers = sets.flatMap(({ document, questions }) => {
  const context = read(`${document}.md`);
  return questions.map(([question, expected]) => {
    const { text, confidence } = extractAnswer(promptOf(question, { context }));
    const isDeclined = text === noAnswer;
    return {
      language: document.slice(0, 2),
      question,
      expected,
      text,
      confidence,
      isDeclined,
      isRight: expected === null ? isDeclined : text.includes(expected),
    };
  });
});
const share = (all: typeof answers, isCounted: (answer: (typeof answers)[number]) => boolean): number =>
  all.filter(isCounted).length / all.length;
const sure = (confidence: number): boolean => confidence >= 0.8;

it("is right where it is sure, in at least 0.9 of the answers, and sure of most", () => {
  const given = answers.filter(({ confidence }) => sure(confidence));
  expect(new Set(given.map(({ language }) => language)).size).toBe(12);
  expect(share(given, ({ isRight }) => isRight)).toBeGreaterThanOrEqual(0.9);
  expect(given.length).toBeGreaterThan(answers.length / 2);
});

it("answers most of what a document answers", () => {
  const answered = answers.filter(({ expected }) => expected !== null);
  expect(share(answered, ({ isRight }) => isRight)).toBeGreaterThanOrEqual(0.8);
});

describe("what a document does not answer is declined", () => {
  it.each(answers.filter(({ expected }) => expected === null))("$language: $question", ({ text, confidence }) => {
    expect({ text, confidence }).toEqual({ text: noAnswer, confidence: 0 });
  });
});

it("quotes what stands below a heading, and not the heading", () => {
  const titles = sets.flatMap(({ document }) => read(`${document}.md`).match(/^#+ .*$/gm) ?? []);
  for (const { text } of answers) for (const title of titles) expect(text).not.toContain(title);
  const files = answers.find(({ question }) => question.includes("particular extension"));
  expect(files?.text).toContain("Pass the ending with `-e`");
});
