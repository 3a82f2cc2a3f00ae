// The seed workloads as dialogues: several questions over one context, or a whole conversation from its first turn.
import type { SessionMessage } from "@nocp/contracts/session.ts";
import type { ExpectedCall } from "../servers/caching-vendor-server.ts";
import { createTurns } from "./conversation.ts";
import { workloads } from "./create-groups.ts";
import { createRandom } from "./random.ts";
import type { CaseContext, Question, Size } from "./workload.ts";

export interface DialogueTurn {
  readonly query: string;
  readonly expected: ExpectedCall;
}

/**
 * `resent`: the caller sends context and conversation with every turn. `announced`: likewise, and `promptCache` says that more
 * will follow. `session`: NOCP keeps the conversation.
 */
export type DialogueStyle = "resent" | "announced" | "session";

export interface Dialogue {
  readonly id: string;
  readonly style: DialogueStyle;
  readonly context: CaseContext;
  readonly turns: readonly DialogueTurn[];
}

export interface DialogueGroup {
  readonly workload: string;
  readonly size: Size;
  readonly style: DialogueStyle;
  readonly dialogues: readonly Dialogue[];
}

export interface DialogueSelection {
  readonly workloads: readonly string[];
  readonly sizes: readonly Size[];
  readonly dialoguesPerGroup: number;
  /** Questions over one context. */
  readonly questions: number;
  readonly seed: string;
}

export function createDialogues({
  workloads: names,
  sizes,
  dialoguesPerGroup,
  questions,
  seed,
}: DialogueSelection): DialogueGroup[] {
  return names.flatMap((workload) =>
    sizes.flatMap((size) =>
      stylesOf(workload).map((style) => ({
        workload,
        size,
        style,
        dialogues: Array.from({ length: dialoguesPerGroup }, (_, at) => {
          const id = `${workload}-${size}-${at + 1}`;
          if (style === "session") return conversationOf(id, size, at, seed);
          return { style, ...questionsOf(id, workload, size, questions, seed) };
        }),
      })),
    ),
  );
}

const stylesOf = (workload: string): readonly DialogueStyle[] =>
  workload === "conversation" ? ["session"] : ["resent", "announced"];

/** The same dice make the same context, and the kinds of questions take turns. */
function questionsOf(id: string, workload: string, size: Size, count: number, seed: string): Omit<Dialogue, "style"> {
  const source = workloads.find(({ name }) => name === workload);
  if (source === undefined) throw new Error(`no workload ${workload}`);
  const cases = Array.from({ length: count }, (_, at) => source.createCase(size, at, createRandom(`${seed}/${id}`)));
  const context = cases[0]?.context ?? {};
  if (!cases.every((one) => inAnyOrder(one.context) === inAnyOrder(context)))
    throw new Error(`${workload} has another context for each question`);
  return { id, context, turns: cases.map(turnOf) };
}

/** The same for contexts that hold the same records: each question may shuffle them. */
function inAnyOrder(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inAnyOrder).sort().join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, field]) => `${key}:${inAnyOrder(field)}`)
    .join()}}`;
}

const turnOf = (question: Question): DialogueTurn => ({ query: question.query, expected: { question } });

const turnCounts = { small: 10, medium: 50, large: 150 } as const;

/** Said turn by turn, with the question at the end. */
function conversationOf(id: string, size: Size, kind: number, seed: string): Dialogue {
  const count = turnCounts[size];
  const random = createRandom(`${seed}/${id}`);
  const { turns, fact } = createTurns(count, random.integer(0, Math.floor(count / 4)), kind, random);
  const said = turns.map(
    (messages): DialogueTurn => ({ query: textOf(messages, "user"), expected: { reply: textOf(messages, "assistant") } }),
  );
  const question: Question = { kind: fact.kind, query: fact.query, needs: [fact.answer], enough: "all" };
  return { id, style: "session", context: {}, turns: [...said, turnOf(question)] };
}

const textOf = (messages: readonly SessionMessage[], role: SessionMessage["role"]): string =>
  messages
    .filter((message) => message.role === role)
    .map(({ text }) => text)
    .join("\n");
