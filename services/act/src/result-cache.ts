// Results of tools that allow it, kept in memory for equal arguments; the oldest go first.
import type { ToolOutput } from "./tool-output.ts";

export interface ResultCache {
  get(key: string, nowMs: number): ToolOutput | undefined;
  put(key: string, output: ToolOutput, expiresAtMs: number): void;
}

interface Entry {
  readonly output: ToolOutput;
  readonly expiresAtMs: number;
}

/** @param maxBytes of all results together; 0 keeps none. */
export function createResultCache(maxBytes: number): ResultCache {
  const entries = new Map<string, Entry>();
  let heldBytes = 0;
  const drop = (key: string): void => {
    heldBytes -= entries.get(key)?.output.bytes ?? 0;
    entries.delete(key);
  };
  return {
    get: (key, nowMs) => {
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (entry.expiresAtMs > nowMs) return entry.output;
      drop(key);
      return undefined;
    },
    put: (key, output, expiresAtMs) => {
      drop(key);
      if (output.bytes > maxBytes) return;
      entries.set(key, { output, expiresAtMs });
      heldBytes += output.bytes;
      for (const oldest of entries.keys()) {
        if (heldBytes <= maxBytes) break;
        drop(oldest);
      }
    },
  };
}

/**
 * Equal for equal arguments, in whatever order their fields come.
 * @param input the arguments as they were given: what a tool's schema makes of them need not be JSON.
 */
export const cacheKeyOf = (toolName: string, input: unknown): string => `${toolName} ${JSON.stringify(input, sortedFields)}`;

const sortedFields = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
    : value;
