// A conversation that NOCP keeps: its head, its turns, and both together as a snapshot.
import { z } from "zod";
import { sessionIdPattern } from "./request.ts";

const count = z.int().nonnegative();
/** Milliseconds since the epoch. */
const instant = z.number().nonnegative();
const name = z.string().regex(sessionIdPattern, "may hold letters, digits, - and _ only");

/** What names a session: ids of different tenants never meet. */
export interface SessionRef {
  readonly tenant: string;
  readonly id: string;
}

/** Instructions of the caller (role system) are no part of a conversation: they are sent with every request. */
export const sessionMessageSchema = z.object({
  role: z.enum(["user", "assistant", "tool"]),
  text: z.string(),
  name: z.string().optional(),
});
export type SessionMessage = z.infer<typeof sessionMessageSchema>;

/** One exchange, word for word: the messages of the request, its question, the answer. Never changed once it is kept. */
export const sessionTurnSchema = z.object({
  v: z.literal(1).default(1),
  number: z.int().positive().describe("Counts from 1, without gaps."),
  requestId: z.string().describe("The request whose turn this is; a request has one at most."),
  at: instant,
  messages: z.array(sessionMessageSchema),
  inputTokens: z.object({ raw: count, optimized: count }).describe("Of the request's prompt."),
});
export type SessionTurn = z.infer<typeof sessionTurnSchema>;
/** A turn before it has its number. */
export type NewSessionTurn = Omit<SessionTurn, "v" | "number">;

export const ledgerKinds = ["decision", "identifier", "name", "number"] as const;
export type LedgerKind = (typeof ledgerKinds)[number];

/** A value that a later turn may need word for word. */
export const ledgerEntrySchema = z.object({
  value: z.string(),
  kind: z.enum(ledgerKinds),
  turn: z.int().positive().describe("Where it was said first."),
  context: z.string().describe("The sentence it stands in, or the part of it around the value."),
  mentions: z.int().positive().default(1).describe("Turns that have it."),
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

/** `closed`: it takes no further turns. */
export const sessionStatuses = ["active", "closed"] as const;

/** What `closed` was called before; sessions and snapshots of that time say so. */
export const formerClosedStatus = "archived";

const statusSchema = z.preprocess((status) => (status === formerClosedStatus ? "closed" : status), z.enum(sessionStatuses));

/** What is known of a session without reading its turns; bounded in size, however long the conversation is. */
export const sessionHeadSchema = z.object({
  v: z.literal(1).default(1),
  id: name,
  tenant: name,
  epoch: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/)
    .describe("Part of the turns' keys; a session that was deleted or restored has a new one."),
  status: statusSchema,
  createdAt: instant,
  updatedAt: instant,
  turns: count.describe("The number of the last turn."),
  summary: z.object({
    text: z.string(),
    generations: count.describe("How often the summary was rolled up; each generation is made from the one before."),
    throughTurn: count.describe("The last turn that went into it."),
  }),
  ledger: z.array(ledgerEntrySchema),
  totals: z.object({
    rawTokens: count.describe("Input tokens of all turns, had each been sent with the whole conversation."),
    optimizedTokens: count.describe("Input tokens of all turns as they were sent."),
    compactions: count,
    lastCompactionAt: instant.nullable(),
  }),
});
export type SessionHead = z.infer<typeof sessionHeadSchema>;

/** A whole session: what `snapshot` writes and `restore` reads. */
export const sessionSnapshotSchema = z
  .object({ v: z.literal(1).default(1), head: sessionHeadSchema, turns: z.array(sessionTurnSchema) })
  .refine(({ turns }) => turns.every(({ number }, at) => at === 0 || number > (turns[at - 1]?.number ?? 0)), {
    message: "turns must be in the order of their numbers",
    path: ["turns"],
  })
  .refine(({ head, turns }) => (turns.at(-1)?.number ?? 0) === head.turns, {
    message: "the last turn must have the number that the head names",
    path: ["turns"],
  });
export type SessionSnapshot = z.infer<typeof sessionSnapshotSchema>;
