// Contexts of a wanted size for the speed of compression: documents, records, a conversation, a log, CSV, Markdown, code.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { createTransaction, createUser } from "../workloads/api-calls.ts";
import { createTurns } from "../workloads/conversation.ts";
import { createLog } from "../workloads/log-file.ts";
import { createPages } from "../workloads/passages.ts";
import { createRandom, type Random } from "../workloads/random.ts";
import { createCsv, createMarkdown, createSource } from "../workloads/speed-texts.ts";

export interface SpeedInput {
  readonly query: string;
  readonly items: readonly ContextItem[];
}

interface SpeedSubject {
  readonly name: string;
  readonly query: string;
  /** `count` units: documents, records, turns or lines. */
  create(count: number, random: Random): ContextItem[];
  /** Parsed by a grammar, which takes longer. */
  readonly isCode?: boolean;
}

export const speedSubjects: readonly SpeedSubject[] = [
  {
    name: "documents",
    query: "How many people work at the Amber Anchor plant, and who leads the company that runs it?",
    create: (count, random) =>
      createPages(count, random).map(({ title, text }, at) => ({ kind: "document", id: `page-${at + 1}`, title, text })),
  },
  {
    name: "records",
    query: "List every refunded transaction with id, user_id and amount.",
    create: (count, random) => {
      const drawn = new Set<string>();
      const amounts = new Set<number>();
      const users = Array.from({ length: Math.ceil(count / 10) }, () => createUser(random, drawn));
      const data = Array.from({ length: count }, () => createTransaction(random, users, drawn, amounts));
      return [{ kind: "tool", id: "transactions", name: "transactions", data: { object: "list", data } }];
    },
  },
  {
    name: "conversation",
    query: "On which date will the Amber Anchor part be handed over?",
    create: (count, random) =>
      createTurns(count, 0, 0, random)
        .turns.flat()
        .map(({ role, text }, at) => ({
          kind: "message",
          id: `message-${at + 1}`,
          role,
          text,
        })),
  },
  {
    name: "log",
    query: "Which payments failed, and why?",
    create: (count, random) => [{ kind: "tool", id: "log", name: "file.read", data: createLog(count, random) }],
  },
  {
    name: "csv",
    query: "Which orders of more than 80 pieces were refunded?",
    create: (count, random) => [{ kind: "document", id: "orders", title: "orders.csv", text: createCsv(count, random) }],
  },
  {
    name: "markdown",
    query: "Who needs a permit after 12 days?",
    create: (count, random) => [{ kind: "document", id: "handbook", title: "handbook.md", text: createMarkdown(count, random) }],
  },
  {
    name: "code",
    query: "Where are too many orders an error?",
    create: (count, random) => [{ kind: "document", id: "source", title: "orders.ts", text: createSource(count, random) }],
    isCode: true,
  },
];

const sampleUnits = 200;

/** @returns a context within a few per cent of the size; the tokens of it are counted by whoever measures. */
export function createSpeedInput({ query, create }: SpeedSubject, sizeTokens: number, counter: TokenCounter): SpeedInput {
  const sample = create(sampleUnits, createRandom("sample"));
  const perUnit = counter.count(JSON.stringify(sample)) / sampleUnits;
  return { query, items: create(Math.max(2, Math.round(sizeTokens / perUnit)), createRandom(`speed-${sizeTokens}`)) };
}
