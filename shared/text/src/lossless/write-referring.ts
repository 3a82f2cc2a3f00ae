// A text without its binary data: references stand for them, and the rest is written without a loss.
import { isExactNumber, parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import { equalValues } from "../formats/equal-values.ts";
import type { CountTokens } from "./infer-template.ts";
import { parseSource } from "./json-source.ts";
import { frameReferring, restoreText, writeLossless } from "./lossless.ts";
import { createPayloadReferences, hasReference, type PayloadReferences, type ReferTo } from "./payloads.ts";

export interface ReferringText {
  readonly text: string;
  /** By their references. */
  readonly payloads: ReadonlyMap<string, string>;
}

/**
 * @param count tokens of a text, as the model counts them.
 * @returns undefined where there is no binary data, and where something else looks like a reference. It was read back before
 *   it is returned.
 */
export function writeReferring(source: string, count: CountTokens, referTo: ReferTo): ReferringText | undefined {
  const parsed = parseSource(source);
  const whole = parsed === undefined ? source : writeJson(parsed.json);
  if (hasReference(whole)) return undefined;
  const references = createPayloadReferences(referTo);
  const short = parsed === undefined ? references.replaceIn(source) : writeJson(withReferences(parsed.json, references));
  const { payloads } = references;
  if (payloads.size === 0) return undefined;
  const text = frameReferring(writeLossless(short, count).text, parsed !== undefined);
  const restored = restoreText(text, payloads);
  const isSame = parsed === undefined ? restored === source : equalValues(parseExactly(restored), parsed.json);
  return isSame ? { text, payloads } : undefined;
}

/** A JSON value with references in its texts; keys stay as they are. */
function withReferences(value: unknown, references: PayloadReferences): unknown {
  if (typeof value === "string") return references.replaceIn(value);
  if (typeof value !== "object" || value === null || isExactNumber(value)) return value;
  if (Array.isArray(value)) return value.map((element) => withReferences(element, references));
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withReferences(field, references)]));
}
