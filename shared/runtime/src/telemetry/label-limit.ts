// Keeps the number of time series bounded: a label takes so many distinct values, then everything else is `other`.

/** @param isProven whether the name is known to mean something: a provider answered under it, a tool by it ran. */
export type LimitedLabel = (value: string, isProven: boolean) => string;

/** Of the values, the share that names may take of which nothing is known but that somebody sent them. */
const unprovenShare = 0.1;

/**
 * Values come from callers (models, tools), so that without a limit anyone could fill the memory of every scraper.
 * Names that work take the places that are left, so that made-up ones cannot keep them out.
 */
export function createLabelLimit(limit: number): LimitedLabel {
  const proven = new Set<string>();
  const unproven = new Set<string>();
  const maxUnproven = Math.floor(limit * unprovenShare);
  return (value, isProven) => {
    if (proven.has(value) || (unproven.has(value) && !isProven)) return value;
    if (isProven) {
      // A name that turns out to work has its series already.
      if (proven.size >= limit - maxUnproven) return unproven.has(value) ? value : "other";
      unproven.delete(value);
      proven.add(value);
      return value;
    }
    if (unproven.size >= maxUnproven) return "other";
    unproven.add(value);
    return value;
  };
}
