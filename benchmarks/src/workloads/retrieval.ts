// Retrieval: a question and the documents that a search brought, of which one or two hold the answer.
import { createPages, type Page } from "./passages.ts";
import type { Random } from "./random.ts";
import type { Question, Workload } from "./workload.ts";

const counts = { small: 10, medium: 50, large: 200 } as const;

const questions: readonly ((pages: readonly Page[], random: Random) => Question)[] = [
  (pages, random) => {
    const { query, answer } = random.pick(random.pick(pages).facts);
    return { kind: "fact among distractors", query, needs: [answer], enough: "all" };
  },
  (pages, random) => {
    const [first, second] = random.shuffled(random.pick(pages).facts);
    return {
      kind: "two facts of one document",
      query: `${first!.query} And also: ${second!.query}`,
      needs: [first!.answer, second!.answer],
      enough: "all",
    };
  },
  (pages, random) => {
    const run = random.pick(pages.filter(({ operator }) => operator !== undefined));
    const head = pages.find(({ subject }) => subject === run.operator)!.facts[1]!;
    return {
      kind: "two documents in turn",
      query: `Who leads the company that is behind ${run.title}?`,
      needs: [head.answer],
      enough: "all",
    };
  },
  (pages, random) => {
    const [first, second] = random.shuffled(pages);
    const [one, other] = [random.pick(first!.facts), random.pick(second!.facts)];
    return {
      kind: "two documents side by side",
      query: `${one.query} ${other.query}`,
      needs: [one.answer, other.answer],
      enough: "all",
    };
  },
];

export const retrieval: Workload = {
  name: "retrieval",
  label: { small: "10 documents", medium: "50 documents", large: "200 documents" },
  createCase(size, at, random) {
    const pages = createPages(counts[size], random);
    return {
      ...questions[at % questions.length]!(pages, random),
      context: { documents: pages.map(({ title, text }, index) => ({ id: `page-${index + 1}`, title, text })) },
    };
  },
};
