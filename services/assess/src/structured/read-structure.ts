// What a question says of one structured value, before anything is chosen from it.

import type { Question } from "@nocp/text/questions/question.ts";
import { type ColumnRelevance, relevanceOfColumns } from "./column-relevance.ts";
import { type RowColumns, rowColumnsOf } from "./rows.ts";
import { hitsOf, type ValueHits } from "./value-hits.ts";
import { createValueMatcher } from "./value-matches.ts";
import type { ValueTree } from "./value-tree.ts";

export interface StructureReading {
  readonly tree: ValueTree;
  readonly rowColumns: RowColumns;
  readonly columns: ColumnRelevance;
  readonly hits: ValueHits;
}

export function readStructure(tree: ValueTree, question: Question): StructureReading {
  const columns = relevanceOfColumns(tree.columns, question);
  const hits = hitsOf(tree, question, createValueMatcher(question), columns);
  return { tree, rowColumns: rowColumnsOf(tree.columns), columns, hits };
}
