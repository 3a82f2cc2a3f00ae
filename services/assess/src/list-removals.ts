// What was removed, item by item: which part, below what, by which strategy, why, and what fetches it.
import type { Removal, RemovedPart, StrategyReport } from "@nocp/contracts/accounting.ts";
import { type ArchiveBundle, archivedOf } from "@nocp/runtime/stores/archive/bundle.ts";
import type { CompressedPiece, MeasuredItem } from "./compression-strategy.ts";
import type { ItemReduction } from "./prepare-items.ts";
import { noStrategy } from "./run-group.ts";

export interface RemovalList {
  readonly items: readonly MeasuredItem[];
  /** One for each item. */
  readonly pieces: readonly CompressedPiece[];
  /** What was taken before the items were cut to size, by position. */
  readonly reduced: ReadonlyMap<number, ItemReduction>;
  readonly reports: readonly StrategyReport[];
  /** Originals of the removed items, in their order. */
  readonly bundle: ArchiveBundle | undefined;
}

export function listRemovals({ items, pieces, reduced, reports, bundle }: RemovalList): Removal[] {
  const references = bundle === undefined ? [] : archivedOf(bundle).map(({ ref }) => ref);
  const reportOf = new Map(
    reports.filter(({ strategy }) => strategy !== noStrategy).flatMap((report) => report.itemIds.map((id) => [id, report])),
  );
  const removals: Removal[] = [];
  items.forEach(({ item }, at) => {
    const piece = pieces[at];
    if (!piece?.removed) return;
    const ref = references[removals.length];
    const before = reduced.get(at);
    const report = reportOf.get(item.id);
    removals.push({
      itemId: item.id,
      strategy: report?.strategy ?? before?.strategy ?? noStrategy,
      why: report?.justification ?? before?.why ?? "",
      ...(ref === undefined ? {} : { ref }),
      parts: partsOf(piece, before),
    });
  });
  return removals;
}

/** A mark that a later strategy took away is none any more. */
function partsOf({ text, parts }: CompressedPiece, before: ItemReduction | undefined): RemovedPart[] {
  const earlier = (before?.parts ?? []).map((part) => (text.includes(part.mark) ? part : { ...part, mark: "", marks: 0 }));
  const all = [...earlier, ...(parts ?? [])];
  if (all.length > 0) return all;
  return [{ mark: "", marks: 0, under: [], what: text === "" ? "all of it" : "rewritten, or without its layout" }];
}
