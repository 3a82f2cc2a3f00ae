// Keeps the number of time series bounded: a label takes so many distinct values, then everything else is `other`.

/** Values come from callers (models, tools), so that without a limit anyone could fill the memory of every scraper. */
export function createLabelLimit(limit: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= limit) return "other";
    known.add(value);
    return value;
  };
}
