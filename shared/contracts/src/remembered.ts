// Answers of a pure function, kept for the questions that come again with every request.

/**
 * @param compute is asked once for each key, as long as there are few of them.
 * @param most keys are kept: names come with requests, so the memory of them is bounded.
 */
export function remembered<T>(compute: (key: string) => T, most: number): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const computed = compute(key);
    if (known.size >= most) known.clear();
    known.set(key, computed);
    return computed;
  };
}
