// How much a question asks for a row: values it names, conditions it sets, extremes it wants.

import type { Question } from "@nocp/text/questions/question.ts";
import type { FollowedRows } from "./follow-keys.ts";
import { metRelevance } from "./raise-rows.ts";
import type { StructureReading } from "./read-structure.ts";
import { conditionsOfRows } from "./row-conditions.ts";
import type { Column, TreeNode } from "./value-tree.ts";

export interface RowRelevance {
  /** 0 to 1: how much a leaf's surroundings are asked for. */
  relevanceOf(leaf: TreeNode): number;
  /** Columns in which the question names whole values: 0 to 1. */
  readonly namedColumns: ReadonlyMap<Column, number>;
  /** Leaves that hold words of the question: 0 to 1. */
  readonly matchOf: ReadonlyMap<TreeNode, number>;
  /** Rows that stand out: asked for by what they hold. */
  readonly standingRows: number;
  /** 0 to 1: how sure it is that rows which do not stand out are not asked for. */
  readonly certainty: number;
}

/** What a matched row hands on to records below it, and a record to its parts. */
const rowDecay = 0.75;
const partDecay = 0.9;
/** What conditions count for when the question names a row itself. */
const anchoredStrength = 0.35;
const standingRelevance = 0.8;
/** A row that holds what the question wants left out. */
const negatedRelevance = 0.1;

export function relevanceOfRows(
  { tree, columns, rowColumns, hits }: StructureReading,
  question: Question,
  followed: FollowedRows,
): RowRelevance {
  const { met, negated } = conditionsOfRows(tree, question, columns, hits, rowColumns);
  // A date that is named is a range, and no name of a row.
  const isAnchored = hits.isAnchored && question.times.length === 0;
  const strength = isAnchored ? anchoredStrength : 1;
  const ownOf = (record: TreeNode): number =>
    negated.has(record)
      ? negatedRelevance
      : Math.max(hits.records.get(record) ?? 0, (met.get(record) ?? 0) * strength, followed.get(record) ?? 0);

  let standingRows = 0;
  for (const record of new Set([...hits.records.keys(), ...met.keys(), ...followed.keys()]))
    if (record.column.isElement && ownOf(record) >= standingRelevance) standingRows++;
  const isConditional = [...met.values()].some((relevance) => relevance >= metRelevance);
  const named = Math.min(0.8, Math.max(0, ...hits.namedColumns.values()));
  const isPlain = hits.records.size === 0 && met.size === 0 && followed.size === 0;

  // Leaves of one record follow each other: what was found out for one holds for the next.
  let lastParent: TreeNode | null = null;
  let lastRelevance = 0;
  return {
    namedColumns: hits.namedColumns,
    matchOf: hits.matchOf,
    standingRows,
    certainty: isAnchored ? 1 : isConditional || followed.size > 0 ? Math.max(named, 0.7) : named,
    relevanceOf: (leaf) => {
      if (isPlain) return 0;
      if (leaf.parent === lastParent) return lastRelevance;
      lastParent = leaf.parent;
      lastRelevance = 0;
      let handedOn = 1;
      for (let record = leaf.parent; record?.parent; record = record.parent) {
        lastRelevance = Math.max(lastRelevance, ownOf(record) * handedOn);
        handedOn *= record.column.isElement || record.parent.column.isElement ? rowDecay : partDecay;
      }
      return lastRelevance;
    },
  };
}
