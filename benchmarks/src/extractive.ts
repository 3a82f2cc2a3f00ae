// How often the extractive provider is right where it is sure, how much it answers, and what it declines, by language.
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { extractAnswer, noAnswer } from "@nocp/models/vendors/extractive/extract-answer.ts";
import { z } from "zod";
import { benchmarkCommand, readOptions } from "./options/benchmark-options.ts";
import { printReport } from "./reports/print-report.ts";
import { projectRoot } from "./servers/start-pipeline.ts";

const options = readOptions(
  benchmarkCommand("extractive")
    .option(
      "--questions <file>",
      "your own: JSON, a list of {document, questions: [[question, what its answer holds, or null where there is none]]}, the documents as .md files beside it; the first two letters of a document's name are its language",
      join(projectRoot, "test", "fixtures", "question-set", "questions.json"),
    )
    .option("--wrong", "list the answers that are wrong"),
);

const questionSets = z.array(
  z.object({ document: z.string().min(2), questions: z.array(z.tuple([z.string(), z.string().nullable()])) }),
);
/** Answers from this confidence on count as sure. */
const sure = 0.8;

interface Answer {
  readonly language: string;
  readonly question: string;
  readonly expected: string | null;
  readonly text: string;
  readonly confidence: number;
  readonly isRight: boolean;
}

function answersTo(file: string): Answer[] {
  try {
    const folder = dirname(resolve(file));
    return questionSets.parse(JSON.parse(readFileSync(file, "utf8"))).flatMap(({ document, questions }) => {
      const context = readFileSync(join(folder, `${document}.md`), "utf8");
      return questions.map(([question, expected]): Answer => {
        const { text, confidence } = extractAnswer({
          system: "",
          query: question,
          context,
          toolRounds: [],
          history: [],
          tools: [],
        });
        const isRight = expected === null ? text === noAnswer : text.includes(expected);
        return { language: document.slice(0, 2), question, expected, text, confidence, isRight };
      });
    });
  } catch (error) {
    throw new NocpError("USAGE", `cannot read the questions in ${file}: ${coerceError(error).message}`);
  }
}

function figuresOf(answers: readonly Answer[]) {
  const given = answers.filter(({ confidence }) => confidence >= sure);
  const answerable = answers.filter(({ expected }) => expected !== null);
  const open = answers.filter(({ expected }) => expected === null);
  const right = (some: readonly Answer[]): number => some.filter(({ isRight }) => isRight).length;
  return {
    questions: answers.length,
    sure: given.length,
    precision: given.length === 0 ? null : right(given) / given.length,
    answered: answerable.length === 0 ? null : right(answerable) / answerable.length,
    declined: open.length === 0 ? null : right(open) / open.length,
  };
}

const answers = answersTo(options.questions);
const languages = [...new Set(answers.map(({ language }) => language))].sort();
const rows = [...languages, "all"].map((language) => ({
  language,
  ...figuresOf(answers.filter((answer) => language === "all" || answer.language === language)),
}));
const columns = ["language", "questions", "sure", "right if sure", "answered", "declined"];
const share = (value: number | null): string => (value === null ? "–" : value.toFixed(3));
const line = (cells: readonly (string | number)[]): string =>
  cells.map((cell, at) => (at === 0 ? String(cell).padEnd(8) : String(cell).padStart(15))).join("");
const lines = rows.map(({ language, questions, sure: count, precision, answered, declined }) =>
  line([language, questions, count, share(precision), share(answered), share(declined)]),
);
const wrong = answers.filter(({ isRight }) => !isRight);
const listed = options.wrong
  ? wrong.map(({ language, question, text, confidence }) => `${language}  ${confidence.toFixed(2)}  ${question}  →  ${text}`)
  : [];
printReport([line(columns), ...lines, ...listed].join("\n"), { rows, wrong }, options.json);
