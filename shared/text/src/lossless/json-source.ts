// A text that is JSON, and what it holds that its parsed value does not.
import { isExactNumber, parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { isNestedDeeper } from "@nocp/contracts/json-depth.ts";
import { deepestLevel } from "./json-tables.ts";

/** JSON in which nothing would be lost by parsing; undefined for any other text. */
export function parseSource(text: string): { readonly json: unknown } | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const json = parseExactly(text);
    return isNestedDeeper(json, deepestLevel) || hasRepeatedKeys(text, json) ? undefined : { json };
  } catch {
    return undefined;
  }
}

/** Whether some object of a JSON text has a key twice, so that parsing loses a value. @param source valid JSON. */
function hasRepeatedKeys(source: string, value: unknown): boolean {
  return colonsOf(source) !== membersOf(value);
}

/** Colons outside strings: one for each member. */
function colonsOf(source: string): number {
  let colons = 0;
  for (let at = 0; at < source.length; at++) {
    const character = source.charCodeAt(at);
    if (character === 58) colons++;
    else if (character === 34) {
      at++;
      while (at < source.length && source.charCodeAt(at) !== 34) at += source.charCodeAt(at) === 92 ? 2 : 1;
    }
  }
  return colons;
}

function membersOf(root: unknown): number {
  let members = 0;
  const pending = [root];
  while (pending.length > 0) {
    const node = pending.pop();
    if (typeof node !== "object" || node === null || isExactNumber(node)) continue;
    const children = Object.values(node);
    if (!Array.isArray(node)) members += children.length;
    for (const child of children) pending.push(child);
  }
  return members;
}
