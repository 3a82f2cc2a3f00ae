// How much a message of a conversation matters, whatever is asked: recency, role, what it holds, who comes
// back to it, and how unlike the others it is.
import type { SessionMessage } from "@nocp/contracts/session.ts";
import { isQuestion } from "@nocp/text/ledger/decision.ts";
import { distinctiveness } from "@nocp/text/ledger/distinctiveness.ts";
import type { LedgerValue } from "@nocp/text/ledger/ledger-values.ts";

/** A message with its place, and what was found in it. */
export interface KeptMessage {
  readonly turn: number;
  readonly message: SessionMessage;
  readonly values: readonly LedgerValue[];
}

/** Weights of the parts; they sum up to 1. */
const weights = {
  recency: 0.2,
  role: 0.1,
  question: 0.05,
  decision: 0.2,
  values: 0.15,
  references: 0.15,
  distinctiveness: 0.15,
} as const;
const roleWeight: Readonly<Record<SessionMessage["role"], number>> = { user: 1, assistant: 0.7, tool: 0.5 };
/** Turns after which recency has lost half. */
const halfLifeTurns = 40;
/** Values, and later messages that come back to them, from which on a message counts in full. */
const manyValues = 3;
const manyReferences = 3;

/** @param lastTurn of the conversation. @returns one number between 0 and 1 a message. Linear in messages and values. */
export function messageImportance(messages: readonly KeptMessage[], lastTurn: number): Float64Array {
  const references = referencesOf(messages);
  const distinct = distinctiveness(messages.map(({ message }) => message.text));
  return Float64Array.from(messages, ({ turn, message, values }, at) => {
    const recency = 0.5 ** ((lastTurn - turn) / halfLifeTurns);
    const decides = values.some(({ kind }) => kind === "decision") ? 1 : 0;
    const precise = values.filter(({ kind }) => kind !== "decision").length;
    return (
      weights.recency * recency +
      weights.role * roleWeight[message.role] +
      weights.question * (message.role === "user" && isQuestion(message.text) ? 1 : 0) +
      weights.decision * decides +
      weights.values * Math.min(1, precise / manyValues) +
      weights.references * Math.min(1, (references[at] as number) / manyReferences) +
      weights.distinctiveness * (distinct[at] as number)
    );
  });
}

/** How many later messages have a value that a message was the first to have. */
function referencesOf(messages: readonly KeptMessage[]): Float64Array {
  const firstWith = new Map<string, number>();
  const references = new Float64Array(messages.length);
  messages.forEach(({ values }, at) => {
    const origins = new Set<number>();
    for (const { value, kind } of values) {
      if (kind === "decision") continue;
      const origin = firstWith.get(value);
      if (origin === undefined) firstWith.set(value, at);
      else if (origin !== at) origins.add(origin);
    }
    for (const origin of origins) references[origin] = (references[origin] as number) + 1;
  });
  return references;
}
