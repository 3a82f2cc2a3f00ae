// Values of a text that a later turn may need word for word, each with the sentence it stands in.
import type { LedgerKind } from "@nocp/contracts/session.ts";
import { isDecision } from "./decision.ts";

export interface LedgerValue {
  readonly value: string;
  readonly kind: LedgerKind;
  readonly context: string;
}

/** In UTF-16 units. */
const maxValueLength = 120;
const maxContextLength = 160;
/** Values of one message at most: a table or a log is no conversation. */
const maxValues = 64;
/** Longer texts are read up to here. */
const maxReadLength = 64 * 1024;

/** A sentence, and the mark that ends it; marks of scripts without spaces need none after them. */
const sentencePattern = /[^.!?。！？｡।؟\n]*(?:[.!?؟](?!\s|$)[^.!?。！？｡।؟\n]*)*(?:[.!?؟]+(?=\s|$)|[。！？｡।]+|\n|$)/gu;
/** Latin letters, digits and joining marks only, so that a value inside a script without spaces ends where that begins. */
const runPattern = /[A-Za-z0-9_][A-Za-z0-9_.@+/:#%?=&~-]*[A-Za-z0-9_%]|[A-Za-z0-9]|[\p{Nd}][\p{Nd}.,:]*[\p{Nd}]/gu;
const units = "%|[$€£¥₹]|°[CF]?|k?g|[kcm]?m|m?l|[kMG]?W|k?Wh|k?V|mA|[kMGT]B|ms|min|[kMG]?Hz|USD|EUR|GBP|CHF|JPY|CNY";
const unspacedUnits = "[万億亿千百]?(?:元|円|人|年|月|日|号|點|点|度|公里|公斤)|[万億亿]";
const amountPattern = new RegExp(
  `(?<![A-Za-z0-9_.,-])(?:[$€£¥₹]\\s?)?\\d+(?:[.,:]\\d+)*(?:\\s?(?:(?:${units})(?![A-Za-z0-9])|${unspacedUnits}))?(?![A-Za-z0-9_])`,
  "gu",
);
/** Capitalised words inside a sentence, with small particles between them. */
const namePattern =
  /(?<=[\p{L}\p{N},;:]\s)\p{Lu}[\p{L}\p{M}'’-]+(?:\s(?:(?:de|da|van|von|der|la|le|of)\s)?\p{Lu}[\p{L}\p{M}'’-]+){0,3}/gu;
/** Words that stand with a capital for other reasons. */
const noNames = new Set(
  "I I'm I'll I've I'd The This That These Those It We You He She They My Your Our Their And But Or So If When Then What Why How Yes No Please Thanks OK Okay".split(
    " ",
  ),
);

/** Linear in the text, of which the first 64 Ki characters are read. @returns values in the order of the text, each once. */
export function ledgerValues(text: string): LedgerValue[] {
  const values: LedgerValue[] = [];
  const seen = new Set<string>();
  const add = (value: string, kind: LedgerKind, context: string) => {
    if (values.length >= maxValues || seen.has(value)) return;
    seen.add(value);
    values.push({ value, kind, context });
  };
  const isPartOfKnown = (part: string) => values.some(({ kind, value }) => kind !== "decision" && value.includes(part));
  for (const [raw] of text.slice(0, maxReadLength).matchAll(sentencePattern)) {
    if (values.length >= maxValues) break;
    const sentence = raw.trim();
    if (sentence.length < 2) continue;
    const around = (value: string) => excerptAround(sentence, value);
    if (isDecision(sentence)) add(cut(sentence, maxValueLength), "decision", cut(sentence, maxContextLength));
    for (const [run] of sentence.matchAll(runPattern)) if (isIdentifier(run)) add(run, "identifier", around(run));
    for (const [name] of sentence.matchAll(namePattern))
      if (!noNames.has(name) && !isPartOfKnown(name)) add(name, "name", around(name));
    for (const [amount] of sentence.matchAll(amountPattern)) {
      const value = amount.trim();
      if (value.length > 1 && !isPartOfKnown(value)) add(value, "number", around(value));
    }
  }
  return values;
}

/** Letters with digits, digits with joining marks, addresses, names with underscores: what nobody can guess again. */
function isIdentifier(run: string): boolean {
  if (run.length < 3 || run.length > maxValueLength) return false;
  if (run.includes("@") && run.includes(".")) return true;
  if (/[A-Za-z]_[A-Za-z]/.test(run) || /^[a-z]+:\/\//i.test(run)) return true;
  if (!/\d/.test(run) || /%$/.test(run)) return false;
  return /[A-Za-z]/.test(run) ? !/^\d+(?:[.,]\d+)?[A-Za-z]{1,3}$/.test(run) : /\d[-/:#]\d/.test(run) || /^\d{6,}$/.test(run);
}

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`);

/** The sentence, or as much of it on both sides of the value as fits. */
function excerptAround(sentence: string, value: string): string {
  if (sentence.length <= maxContextLength) return sentence;
  const at = Math.max(0, sentence.indexOf(value));
  const start = Math.max(0, Math.min(at - Math.floor((maxContextLength - value.length) / 2), sentence.length - maxContextLength));
  const piece = sentence.slice(start, start + maxContextLength).trim();
  return `${start > 0 ? "…" : ""}${piece}${start + maxContextLength < sentence.length ? "…" : ""}`;
}
