// How deep JSON may be nested: readers further on recurse, and JSON.stringify overflows the stack at some 5,000 levels.

/** Levels of what callers, tools and models send; deeper than this is no honest content. */
export const maxJsonDepth = 200;

/**
 * Visits containers and their keys, never the inside of a text, so it costs a small part of what parsing did. Recurses
 * `levels` deep at most.
 */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (isNestedDeeper(item, levels - 1)) return true;
    return false;
  }
  for (const key in value) if (isNestedDeeper((value as Record<string, unknown>)[key], levels - 1)) return true;
  return false;
}
