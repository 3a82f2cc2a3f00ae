// Values that hold words of a question, and the records around them.

import type { Question } from "@nocp/text/questions/question.ts";
import type { ColumnRelevance } from "./column-relevance.ts";
import type { ValueMatcher } from "./value-matches.ts";
import type { Column, TreeNode, ValueTree } from "./value-tree.ts";

export interface ValueHits {
  /** Leaves that hold words of the question: 0 to 1. */
  readonly matchOf: ReadonlyMap<TreeNode, number>;
  /** Columns of which the question names a value that several rows may have: 0 to 1. */
  readonly namedColumns: ReadonlyMap<Column, number>;
  /** Records around the leaves: 0 to 1, 1 for the one that holds most of the question. */
  readonly records: ReadonlyMap<TreeNode, number>;
  /** Whether the question names a single thing, by its name or number. */
  readonly isAnchored: boolean;
}

interface Hit {
  readonly leaf: TreeNode;
  readonly term: number;
  readonly strength: number;
  readonly isWhole: boolean;
}

/** A term that names a column says less when it is found in a value. */
const keyTermWeight = 0.35;
/** Unless it is a value that many rows share, as `running` may be. */
const categoryKeyTermWeight = 0.7;
/** A value found more often names no single thing. */
const rareHits = 3;

export function hitsOf(tree: ValueTree, question: Question, matcher: ValueMatcher, columns: ColumnRelevance): ValueHits {
  const hits: Hit[] = [];
  const frequency = new Map<number, number>();
  for (const leaf of tree.leaves) {
    if (leaf.kind === "empty" || leaf.kind === "boolean") continue;
    for (const { term, strength, isWhole } of matcher(leaf.text as string)) {
      hits.push({ leaf, term, strength, isWhole });
      frequency.set(term, (frequency.get(term) ?? 0) + 1);
    }
  }
  const logLeaves = Math.log(1 + Math.max(2, tree.leaves.length));
  const rarity = (term: number): number => Math.log(1 + tree.leaves.length / (frequency.get(term) ?? 1)) / logLeaves;
  const isLiteral = (term: number): boolean => question.terms[term]?.isLiteral === true;
  const isKeyTerm = (term: number): boolean => columns.keyTerms.has(term) && !isLiteral(term);
  const isRare = ({ term, isWhole, strength }: Hit): boolean =>
    (frequency.get(term) ?? 0) <= rareHits && (isWhole || (strength >= 0.8 && isLiteral(term)));
  const worthOf = ({ leaf, term, strength, isWhole }: Hit): number => {
    const isCategory = isWhole && (leaf.column.counts.get(leaf.text as string) ?? 0) > 1;
    const share = !isKeyTerm(term) ? 1 : isCategory ? categoryKeyTermWeight : keyTermWeight;
    return strength * rarity(term) * (question.terms[term]?.weight ?? 0) * share;
  };

  const byRecord = new Map<TreeNode, Map<number, number>>();
  const namedColumns = new Map<Column, number>();
  const matchOf = new Map<TreeNode, number>();
  for (const hit of hits) {
    const worth = worthOf(hit);
    matchOf.set(hit.leaf, Math.max(matchOf.get(hit.leaf) ?? 0, worth));
    if (hit.isWhole && !isRare(hit)) namedColumns.set(hit.leaf.column, Math.max(namedColumns.get(hit.leaf.column) ?? 0, worth));
    addToAncestors(hit, worth, byRecord);
  }
  const isAnchored = hits.some((hit) => !isKeyTerm(hit.term) && isRare(hit));
  return { matchOf, namedColumns, records: relevanceOfRecords(byRecord), isAnchored };
}

/** A list hands what is found in one element on to its own record, the less the longer it is; it is itself no record. */
function addToAncestors(hit: Hit, worth: number, byRecord: Map<TreeNode, Map<number, number>>): void {
  let value = worth;
  for (let record = hit.leaf.parent; record?.parent; record = record.parent) {
    const terms = byRecord.get(record);
    if (!terms) byRecord.set(record, new Map([[hit.term, value]]));
    else if ((terms.get(hit.term) ?? 0) < value) terms.set(hit.term, value);
    if (record.column.isElement) value *= 0.85 * Math.min(1, Math.sqrt(16 / Math.max(1, record.parent.size)));
    if (value < 0.01) return;
  }
}

function relevanceOfRecords(byRecord: ReadonlyMap<TreeNode, ReadonlyMap<number, number>>): ReadonlyMap<TreeNode, number> {
  const sums = new Map<TreeNode, number>();
  let greatest = 0;
  for (const [record, terms] of byRecord) {
    if (isCollection(record)) continue;
    let sum = 0;
    let best = 0;
    for (const value of terms.values()) {
      sum += value;
      best = Math.max(best, value);
    }
    sums.set(record, sum);
    if (sum > greatest) greatest = sum;
  }
  if (greatest === 0) return sums;
  const confidence = Math.min(1, greatest * 1.3);
  for (const [record, sum] of sums) sums.set(record, (sum / greatest) * confidence);
  return sums;
}

const isCollection = (record: TreeNode): boolean => record.column.children.has("\u0000");
