// The contract of a workload: cases of one kind in three sizes, each with what its answer needs.
import type { ConversationMessage, RequestDocument } from "@nocp/contracts/request.ts";
import type { SessionMessage } from "@nocp/contracts/session.ts";
import type { Random } from "./random.ts";

export const sizes = ["small", "medium", "large"] as const;
export type Size = (typeof sizes)[number];

/** A record of an API's answer or a row of a table; also a row of an expected answer. */
export type Row = Readonly<Record<string, string | number>>;

/** What a case brings along, by the way it takes into the pipeline. */
export interface CaseContext {
  readonly documents?: readonly RequestDocument[];
  /** A conversation that the caller sends with the request. */
  readonly messages?: readonly ConversationMessage[];
  /** A conversation that NOCP keeps: what was said in each turn of a session before the question. */
  readonly turns?: readonly (readonly SessionMessage[])[];
  /** Each becomes a JSON file that `file.read` returns. */
  readonly files?: readonly { readonly name: string; readonly value: unknown }[];
  /** Each becomes a table of a SQLite database that `sql.query` selects whole. */
  readonly tables?: readonly { readonly name: string; readonly rows: readonly Row[] }[];
}

/** A question with the facts that its answer needs, as they stand in the context. */
export interface Question {
  readonly kind: string;
  readonly query: string;
  /** Empty: what the answer needs is not known, and recall is not measured. */
  readonly needs: readonly string[];
  /** Whether an answer must hold all of `needs`, or any one of them. */
  readonly enough: "all" | "any";
  /** The rows of the right answer, where it is a table. */
  readonly table?: readonly Row[];
}

export interface WorkloadCase extends Question {
  readonly id: string;
  readonly context: CaseContext;
  readonly targetRatio?: number;
  readonly maxTokens?: number;
  readonly recallFloor?: number;
  /** Whose tokens are counted. */
  readonly model?: string;
}

/** Cases that are measured and reported together. */
export interface CaseGroup {
  readonly workload: string;
  /** A size, or the name of a file of a user's own cases. */
  readonly size: string;
  /** How much there is, e.g. `50 documents`. */
  readonly label: string;
  readonly cases: readonly WorkloadCase[];
}

export interface Workload {
  readonly name: string;
  readonly label: Readonly<Record<Size, string>>;
  /** @param at which case of its group: kinds of questions take turns. */
  createCase(size: Size, at: number, random: Random): Omit<WorkloadCase, "id">;
}
