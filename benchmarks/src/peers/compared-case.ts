// A case that NOCP and other compressors are given alike, and what is judged of the text they leave.
import { renderItem } from "@nocp/assess/measure-items.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import type { Verdict } from "../faithfulness/faithfulness-case.ts";

export interface Judgement {
  /** Whether all that the answer needs stands in the text. */
  readonly hasFacts: boolean;
  /** Whether it stands where it belongs; undefined for cases that only ask for facts. */
  readonly verdict?: Verdict;
}

export interface ComparedCase {
  readonly id: string;
  readonly query: string;
  readonly items: readonly ContextItem[];
  judge(text: string): Judgement;
}

/** Cases that are reported together. */
export interface ComparedGroup {
  readonly name: string;
  readonly cases: readonly ComparedCase[];
}

export interface LeftText {
  /** What would be sent of the context. */
  readonly text: string;
  /** What a reader who follows the rules that stand in the text would read; the text itself without such rules. */
  readonly judged: string;
  readonly elapsedMs: number;
}

/** A compressor with its settings. */
export interface Contender {
  readonly name: string;
  compress(one: ComparedCase): Promise<LeftText>;
}

/** The item as it would be sent without any compressor. */
export function contentOf(item: ContextItem): string {
  if (item.kind !== "tool") return renderItem(item);
  return typeof item.data === "string" ? item.data : writeJson(item.data);
}
