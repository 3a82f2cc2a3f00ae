// Contexts whose answers need certain facts, wherever they stand: the workloads, uniform tables and logs.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { createFactFinder } from "../measurement/find-facts.ts";
import { createGroups, workloads } from "../workloads/create-groups.ts";
import { createLog, createTemplatedLog } from "../workloads/log-file.ts";
import { createRandom, type Random } from "../workloads/random.ts";
import { askUniformRecords, createUniformRecords } from "../workloads/uniform-records.ts";
import type { CaseContext, Question, Size } from "../workloads/workload.ts";
import type { ComparedCase, ComparedGroup } from "./compared-case.ts";

export interface FactSelection {
  readonly sizes: readonly Size[];
  readonly casesPerGroup: number;
  readonly seed: string;
}

const tableSizes = [200, 2000];
const logLines = 1500;

export function createFactGroups({ sizes, casesPerGroup, seed }: FactSelection): ComparedGroup[] {
  const selection = { workloads: workloads.map(({ name }) => name), sizes, casesPerGroup, seed };
  const groupOf = (name: string, create: (random: Random) => Omit<ComparedCase, "id">): ComparedGroup => ({
    name,
    cases: Array.from({ length: casesPerGroup }, (_, at) => {
      const id = `${name}, ${at + 1}`;
      return { id, ...create(createRandom(`${seed}/${id}`)) };
    }),
  });
  return [
    ...createGroups(selection).map(({ workload, size, cases }) => ({
      name: `${workload} ${size}`,
      cases: cases.map((one) => ({ id: one.id, ...caseOf(one, itemsOf(one.context)) })),
    })),
    ...tableSizes.map((count) => groupOf(`table of ${count.toLocaleString("en-US")} rows`, (random) => tableCase(count, random))),
    groupOf("log", (random) => logCase(createLog(logLines, random), paymentFailure, random)),
    groupOf("log of two templates", (random) => logCase(createTemplatedLog(logLines, random), importTime, random)),
  ];
}

const caseOf = ({ query, needs, enough }: Question, items: readonly ContextItem[]): Omit<ComparedCase, "id"> => ({
  query,
  items,
  judge: (text) => {
    const isThere = createFactFinder(text);
    return { hasFacts: enough === "any" ? needs.some(isThere) : needs.every(isThere) };
  },
});

/** Files and tables as what a tool returned, turns of a session as messages. */
function itemsOf({ documents = [], files = [], tables = [], turns = [] }: CaseContext): ContextItem[] {
  return [
    ...documents.map(({ title = "", text }, at) => ({ kind: "document" as const, id: `document-${at}`, title, text })),
    ...files.map(({ name, value }) => toolItem(name, value)),
    ...tables.map(({ name, rows }) => toolItem(name, rows)),
    ...turns.flat().map(({ role, text }, at) => ({ kind: "message" as const, id: `message-${at}`, role, text })),
  ];
}

const toolItem = (name: string, value: unknown): ContextItem => ({ kind: "tool", id: name, name, data: value as never });

function tableCase(count: number, random: Random): Omit<ComparedCase, "id"> {
  const records = createUniformRecords(count, random);
  return caseOf(askUniformRecords(records, random), [toolItem("orders", records)]);
}

interface LogQuestion {
  /** The lines that can be asked for; the first group is what the question names, the second what it wants. */
  readonly pattern: RegExp;
  readonly ask: (named: string) => string;
}

const paymentFailure: LogQuestion = {
  pattern: /payment (\w+) failed: (.*)/,
  ask: (payment) => `Why did payment ${payment} fail?`,
};
const importTime: LogQuestion = {
  pattern: /tenant (\w+) after (\d+ ms)/,
  ask: (tenant) => `How long did the nightly import of tenant ${tenant} take?`,
};

function logCase(log: string, { pattern, ask }: LogQuestion, random: Random): Omit<ComparedCase, "id"> {
  const [fact = "", named = ""] = pattern.exec(random.pick(log.split("\n").filter((line) => pattern.test(line)))) ?? [];
  return caseOf({ kind: "line of a log", query: ask(named), needs: [fact], enough: "all" }, [toolItem("shell.run", log)]);
}
