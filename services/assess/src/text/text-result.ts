// A tool's result that is in truth one text: a string, or an object that holds one long text and a few small fields about it.
import { isPlainText } from "../structured/string-content.ts";

export interface TextResult {
  readonly text: string;
  /** The small fields, `path: services.ini; sizeBytes: 7311`; empty for a plain string. */
  readonly about: string;
  /** The key of the text; empty for a plain string. */
  readonly key: string;
  /** A path, file name or address among the small fields; empty for none. */
  readonly name: string;
}

const mostFields = 24;
const longestField = 200;
/** UTF-16 units of the text itself; shorter ones are fields like any other. */
const shortestText = 600;
/** The text's share of all characters. */
const leastShare = 0.75;
const nameKey = /^(?:path|file|file_?name|name|title|url|uri)$/i;

/** @returns undefined for data that is not a text. */
export function textResultOf(value: unknown): TextResult | undefined {
  if (isPlainText(value)) return { text: value, about: "", key: "", name: "" };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.length > mostFields) return undefined;
  let longest: [string, string] | undefined;
  let otherLength = 0;
  for (const [key, field] of entries) {
    if (typeof field === "string" && field.length >= shortestText) {
      if (longest !== undefined) return undefined;
      longest = [key, field];
    } else if (isSmall(field)) otherLength += key.length + String(field).length + 4;
    else return undefined;
  }
  if (longest === undefined) return undefined;
  const [key, text] = longest;
  if (!isPlainText(text) || text.length < leastShare * (text.length + otherLength)) return undefined;
  const others = entries.filter(([other]) => other !== key);
  const about = others.map(([other, field]) => `${other}: ${String(field)}`).join("; ");
  const name = others.find(([other, field]) => nameKey.test(other) && typeof field === "string");
  return { text, about, key, name: name === undefined ? "" : String(name[1]) };
}

const isSmall = (field: unknown): boolean =>
  typeof field === "string" ? field.length <= longestField : typeof field !== "object" || field === null;
