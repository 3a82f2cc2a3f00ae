// A context with a question, and the passages or values that its answer needs.
import type { ContextItem } from "@nocp/contracts/context-item.ts";

export interface RecallCase {
  readonly id: string;
  readonly query: string;
  readonly items: readonly ContextItem[];
  /** As they stand in the items. */
  readonly needs: readonly string[];
  /** `share`: each of them counts; `all`, `any`: the case counts as a whole. */
  readonly counts: "share" | "all" | "any";
}

/** Cases that are reported together. */
export interface RecallSet {
  readonly name: string;
  readonly cases: readonly RecallCase[];
}
