// What a tool returned, as JSON data of bounded size.
import { types } from "node:util";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { isNestedDeeper, maxJsonDepth } from "@nocp/contracts/json-depth.ts";

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

export interface ToolOutput {
  readonly data: JsonValue;
  /** Of the data as compact JSON in UTF-8. */
  readonly bytes: number;
}

/**
 * What a tool in another process returned and `toToolOutput` checked there.
 * @param json of that process, which runs foreign code and may send anything.
 * @throws NocpError TOOL_OUTPUT_TOO_LARGE, TOOL_FAILED.
 */
export function receivedOutput(json: unknown, maxBytes: number): ToolOutput {
  const bytes = typeof json === "string" ? Buffer.byteLength(json) : Number.POSITIVE_INFINITY;
  if (bytes > maxBytes) throw tooLargeFor(maxBytes);
  try {
    const data: unknown = JSON.parse(String(json));
    if (!isNestedDeeper(data, maxJsonDepth)) return new CheckedOutput(data as JsonValue, bytes);
  } catch {
    // Said below.
  }
  throw new NocpError("TOOL_FAILED", "the tool's process sent what no tool returns");
}

/** Need not be copied again. */
class CheckedOutput implements ToolOutput {
  readonly data: JsonValue;
  readonly bytes: number;

  constructor(data: JsonValue, bytes: number) {
    this.data = data;
    this.bytes = bytes;
  }
}

const tooLargeFor = (maxBytes: number): NocpError =>
  new NocpError("TOOL_OUTPUT_TOO_LARGE", `the tool returned more than its limit of ${maxBytes} bytes`);

/** What all typed arrays inherit from; it has no name of its own. */
const TypedArray = Object.getPrototypeOf(Uint8Array) as typeof Uint8Array;

/**
 * Copies a tool's value as JSON would: `toJSON` is honoured, functions and undefined are dropped from objects and null
 * in arrays; beyond JSON, a BigInt becomes a number where that is exact, else a string. Bytes are refused: as JSON each
 * would take a field of its own. Stops as soon as the limit is passed, so that a huge value costs no more than the limit,
 * and the names of one object's fields, which cannot be listed in part.
 * @throws NocpError TOOL_OUTPUT_TOO_LARGE, or TOOL_FAILED for bytes and for data that holds itself or nests too deep.
 */
export function toToolOutput(value: unknown, maxBytes: number): ToolOutput {
  if (value instanceof CheckedOutput) return value;
  const data = new JsonCopy(maxBytes).of(value, "") ?? null;
  const bytes = Buffer.byteLength(JSON.stringify(data));
  if (bytes > maxBytes) throw tooLargeFor(maxBytes);
  return { data, bytes };
}

class JsonCopy {
  readonly #maxBytes: number;
  #leastBytes = 0;
  #seenFields = 0;
  readonly #ancestors = new Set<object>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns undefined for what JSON drops. */
  of(source: unknown, key: string): JsonValue | undefined {
    const plain = source !== null && typeof source === "object" ? unwrap(source, key) : source;
    switch (typeof plain) {
      case "string":
        this.#spend(plain.length + 2);
        return plain;
      case "number":
        this.#spend(1);
        return Number.isFinite(plain) ? plain : null;
      case "bigint":
        this.#spend(1);
        return Number.isSafeInteger(Number(plain)) ? Number(plain) : this.of(plain.toString(), key);
      case "boolean":
        this.#spend(4);
        return plain;
      case "object":
        if (plain !== null) return this.#nested(plain);
        this.#spend(4);
        return null;
      default:
        return undefined;
    }
  }

  #nested(source: object): JsonValue {
    if (this.#ancestors.has(source)) throw new NocpError("TOOL_FAILED", "the tool returned data that contains itself");
    if (this.#ancestors.size >= maxJsonDepth)
      throw new NocpError("TOOL_FAILED", `the tool returned data nested more than ${maxJsonDepth} levels deep`);
    this.#ancestors.add(source);
    this.#spend(2);
    const result = Array.isArray(source) ? this.#array(source) : this.#object(source);
    this.#ancestors.delete(source);
    return result;
  }

  #array(source: readonly unknown[]): JsonValue[] {
    // Up front, because a list may be long and empty: each item takes a byte at least.
    const { length } = source;
    this.#spend(length);
    const items: JsonValue[] = [];
    for (let index = 0; index < length; index += 1) {
      items.push(this.of(source[index], String(index)) ?? null);
    }
    return items;
  }

  #object(source: object): Record<string, JsonValue> {
    const fields: Record<string, JsonValue> = {};
    const keys = Object.keys(source);
    this.#passFields(keys.length);
    for (const key of keys) {
      // Assigning this name would set the copy's prototype.
      if (key === "__proto__") continue;
      const field = this.of((source as Record<string, unknown>)[key], key);
      if (field === undefined) continue;
      this.#spend(key.length + 3);
      fields[key] = field;
    }
    return fields;
  }

  #spend(bytes: number): void {
    this.#leastBytes += bytes;
    // Written so that the odd length of a proxy, which may be no number, is too large.
    if (!(this.#leastBytes <= this.#maxBytes)) throw tooLargeFor(this.#maxBytes);
  }

  /** Fields that JSON drops cost no bytes, and time all the same. */
  #passFields(count: number): void {
    this.#seenFields += count;
    if (this.#seenFields > this.#maxBytes) throw tooLargeFor(this.#maxBytes);
  }
}

/** What JSON would write in the place of an object. */
function unwrap(source: object, key: string): unknown {
  refuseBytes(source);
  const { toJSON } = source as { toJSON?: unknown };
  const plain: unknown = typeof toJSON === "function" ? toJSON.call(source, key) : source;
  if (typeof plain !== "object" || plain === null) return plain;
  refuseBytes(plain);
  // `new String(…)` would be walked letter by letter.
  return types.isBoxedPrimitive(plain) && !types.isSymbolObject(plain) ? plain.valueOf() : plain;
}

/** By the prototype as well: a proxy is no view, and lists every byte as a field. */
function refuseBytes(source: object): void {
  if (!types.isAnyArrayBuffer(source) && !ArrayBuffer.isView(source) && !(source instanceof TypedArray)) return;
  throw new NocpError("TOOL_FAILED", "the tool returned bytes or a typed array, which JSON cannot represent", {
    advice: "Let the tool return text, base64 for bytes, or a list of numbers.",
  });
}
