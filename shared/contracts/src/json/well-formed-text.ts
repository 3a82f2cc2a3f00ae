// Texts without halves of characters: an unpaired surrogate is no Unicode, and vendors refuse a request that holds one.

/** A JSON text can hold an unpaired surrogate only as an escape. */
const escapedSurrogate = /\\u[dD][89a-fA-F]/;

/** Whether a value parsed from it may hold unpaired surrogates: most texts need no closer look. */
export const mayHoldSurrogates = (source: string): boolean => escapedSurrogate.test(source);

/** The value with U+FFFD for each unpaired surrogate in its texts and names; the same object where there is none. Without recursion. */
export function withWellFormedTexts<T>(value: T): T {
  const root = { value: value as unknown };
  const pending: object[] = [root];
  for (let container = pending.pop(); container; container = pending.pop()) {
    const fields = container as Record<string, unknown>;
    for (const key of Object.keys(fields)) {
      const held = fields[key];
      if (!key.isWellFormed()) {
        delete fields[key];
        fields[key.toWellFormed()] = held;
      }
      if (typeof held === "string") {
        if (!held.isWellFormed()) fields[key.toWellFormed()] = held.toWellFormed();
      } else if (typeof held === "object" && held !== null && !Object.isFrozen(held)) pending.push(held);
    }
  }
  return root.value as T;
}
