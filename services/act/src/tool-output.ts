// What a tool returned, as JSON data of bounded size.
import { maxJsonDepth } from "@nocp/shared/contracts/json-depth.ts";
import { NocpError } from "@nocp/shared/errors/nocp-error.ts";

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

export interface ToolOutput {
  readonly data: JsonValue;
  /** Of the data as compact JSON in UTF-8. */
  readonly bytes: number;
}

/**
 * Copies a tool's value as JSON would: `toJSON` is honoured, functions and undefined are dropped from objects and null
 * in arrays; beyond JSON, a BigInt becomes a number where that is exact, else a string. Stops as soon as the limit is
 * passed, so that a huge value costs no more than the limit.
 * @throws NocpError TOOL_OUTPUT_TOO_LARGE, or TOOL_FAILED for data that holds itself or nests too deep.
 */
export function toToolOutput(value: unknown, maxBytes: number): ToolOutput {
  const tooLarge = (): NocpError =>
    new NocpError("TOOL_OUTPUT_TOO_LARGE", `the tool returned more than ${maxBytes} bytes, which is its limit`);
  let leastBytes = 0;
  const spend = (bytes: number): void => {
    leastBytes += bytes;
    if (leastBytes > maxBytes) throw tooLarge();
  };
  const ancestors = new Set<object>();

  const copy = (source: unknown, key: string): JsonValue | undefined => {
    const plain = source !== null && typeof source === "object" ? unwrap(source, key) : source;
    switch (typeof plain) {
      case "string":
        spend(plain.length + 2);
        return plain;
      case "number":
        spend(1);
        return Number.isFinite(plain) ? plain : null;
      case "bigint":
        spend(1);
        return Number.isSafeInteger(Number(plain)) ? Number(plain) : copy(plain.toString(), key);
      case "boolean":
        spend(4);
        return plain;
      case "object":
        if (plain === null) {
          spend(4);
          return null;
        }
        return copyNested(plain);
      default:
        return undefined;
    }
  };

  const copyNested = (source: object): JsonValue => {
    if (ancestors.has(source)) throw new NocpError("TOOL_FAILED", "the tool returned data that holds itself");
    if (ancestors.size >= maxJsonDepth)
      throw new NocpError("TOOL_FAILED", `the tool returned data nested over ${maxJsonDepth} levels`);
    ancestors.add(source);
    spend(2);
    const result = Array.isArray(source) ? copyArray(source) : copyObject(source);
    ancestors.delete(source);
    return result;
  };
  const copyArray = (source: readonly unknown[]): JsonValue[] => {
    // Up front, because a list may be long and empty: each item takes a byte at least.
    spend(source.length);
    const items: JsonValue[] = [];
    for (let index = 0; index < source.length; index += 1) {
      items.push(copy(source[index], String(index)) ?? null);
    }
    return items;
  };
  const copyObject = (source: object): Record<string, JsonValue> => {
    const fields: Record<string, JsonValue> = {};
    for (const key of Object.keys(source)) {
      // Assigning this name would set the copy's prototype.
      if (key === "__proto__") continue;
      const field = copy((source as Record<string, unknown>)[key], key);
      if (field === undefined) continue;
      spend(key.length + 3);
      fields[key] = field;
    }
    return fields;
  };

  const data = copy(value, "") ?? null;
  const bytes = Buffer.byteLength(JSON.stringify(data));
  if (bytes > maxBytes) throw tooLarge();
  return { data, bytes };
}

const unwrap = (source: object, key: string): unknown => {
  const { toJSON } = source as { toJSON?: unknown };
  return typeof toJSON === "function" ? toJSON.call(source, key) : source;
};
