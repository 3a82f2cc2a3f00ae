// Whether two JSON values are the same: types included, the order of keys not.
import { isExactNumber } from "@nocp/contracts/json/exact-numbers.ts";

/** Without recursion, because what a model answers may be nested deeper than the stack. `-0` is `0`, as JSON has it. */
export function equalValues(left: unknown, right: unknown): boolean {
  const pending: unknown[] = [left, right];
  while (pending.length > 0) {
    const a = pending.pop();
    const b = pending.pop();
    if (a === b) continue;
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
    if (Array.isArray(a) !== Array.isArray(b) || isExactNumber(a) !== isExactNumber(b)) return false;
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    for (const key of keys) {
      if (!Object.hasOwn(b, key)) return false;
      pending.push((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]);
    }
  }
  return true;
}
