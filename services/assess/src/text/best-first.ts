// Units in the order of their scores, for callers that stop long before the last.

export const none = -1;

/**
 * @returns a function that hands out the position of the next best score above 0, equal ones in their order, and `none` behind
 * the last. A heap: O(n) to begin, O(log n) for each.
 */
export function bestFirst(scores: ArrayLike<number>): () => number {
  const heap = new Int32Array(scores.length);
  let size = 0;
  for (let unit = 0; unit < scores.length; unit++) if ((scores[unit] as number) > 0) heap[size++] = unit;
  const isBefore = (one: number, other: number): boolean => {
    const [left, right] = [scores[one] as number, scores[other] as number];
    return left === right ? one < other : left > right;
  };
  const sink = (moved: number, from: number): void => {
    let hole = from;
    for (let child = 2 * hole + 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && isBefore(heap[child + 1] as number, heap[child] as number)) child++;
      if (isBefore(moved, heap[child] as number)) break;
      heap[hole] = heap[child] as number;
      hole = child;
    }
    heap[hole] = moved;
  };
  for (let at = (size >> 1) - 1; at >= 0; at--) sink(heap[at] as number, at);
  return () => {
    if (size === 0) return none;
    const best = heap[0] as number;
    size--;
    if (size > 0) sink(heap[size] as number, 0);
    return best;
  };
}
