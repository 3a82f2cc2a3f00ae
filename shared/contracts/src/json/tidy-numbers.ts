// Numbers as people and other programs read them: sums of floating-point numbers end in noise such as 0.0075250000000000004.

/** Digits that sums of money and shares are exact to. */
const significantDigits = 12;

/**
 * Plain data with tidy numbers; parts that have no other numbers are shared, not copied. Durations (`…Ms`) are given to the
 * microsecond, points in time (`…At`, `at`) to the millisecond, all other numbers to 12 significant digits.
 */
export function tidyNumbers<T extends object>(value: T): T {
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const item: unknown = (value as Record<string, unknown>)[key];
    const tidy = typeof item === "number" ? tidied(item, key) : typeof item === "object" && item ? tidyNumbers(item) : item;
    if (tidy === item) continue;
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
    copy[key] = tidy;
  }
  return (copy as T | undefined) ?? value;
}

function tidied(value: number, key: string): number {
  if (Number.isInteger(value) || !Number.isFinite(value)) return value;
  if (key === "at" || key.endsWith("At")) return Math.round(value);
  if (key.endsWith("Ms")) return Math.round(value * 1000) / 1000;
  return Number(value.toPrecision(significantDigits));
}
