// The record, and the fields of it, that a question asks for.

import { wordsOfKey } from "@nocp/text/words/split-words.ts";
import { stemsOf } from "@nocp/text/words/word-terms.ts";
import type { AskedQuestion } from "./asked-question.ts";
import type { ContextRecord, Field } from "./context-record.ts";

export interface SelectedRecord {
  readonly record: ContextRecord;
  /** Fields asked for by name or by the form of the question; empty when only the record is. */
  readonly wanted: readonly Field[];
  /** Fields whose value is what the question is about, e.g. `name: zod`. */
  readonly identifying: readonly Field[];
  /** Share of the question's weight that the record answers to, between 0 and 1. */
  readonly coverage: number;
  /** Comparable within one selection only. */
  readonly score: number;
}

/** An identifier that is there to the letter outweighs words that only share a part of it. */
const identifierWeight = 3;
/** The form of a question (`how many`) is a weaker hint than a field's name. */
const cueWeight = 0.5;
/** Names at the end of a path, e.g. `zod` in `packages.node_modules/zod`, written in full. */
const exactNameWeight = 2;
/** Splitting more records than this into words takes longer than an answer should. */
const manyRecords = 2000;

/** @returns the best first; records with the same score in their own order. */
export function selectRecords(records: readonly ContextRecord[], question: AskedQuestion): SelectedRecord[] {
  const prepared = promisingRecords(records, question).map((record) => prepare(record, question));
  const frequency = new Map<string, number>();
  for (const { all } of prepared) for (const word of all) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  // A word that is nowhere weighs as much as one that is in a single place.
  const weightOf = (word: string): number => Math.log(1 + records.length / (frequency.get(word) ?? 1)) + 0.5;
  const total = question.stems.reduce((sum, word) => sum + weightOf(word), 0) || 1;

  return prepared
    .map(({ record, all, names, exact }) => {
      const found = question.stems.filter((word) => all.has(word));
      const identified = question.identifiers.filter((identifier) => exact.has(identifier)).length;
      const wanted = wantedFields(record, names, question);
      const named = question.stems.filter((word) => exact.has(word)).length;
      const weight = found.reduce((sum, word) => sum + weightOf(word), 0);
      const score =
        weight / total + identified * identifierWeight + named * exactNameWeight * (1 / question.stems.length) + wanted.score;
      const covered = Math.min(1, weight / total + (wanted.score > 0 && wanted.byCue ? cueWeight / question.stems.length : 0));
      return {
        record,
        wanted: wanted.fields,
        identifying: wanted.identifying,
        coverage: found.length === 0 ? 0 : covered,
        score,
      };
    })
    .filter(({ coverage }) => coverage > 0)
    .sort((one, other) => other.score - one.score);
}

/**
 * Records that may hold a word of the question. When those are very many, as with the name of a column, only the ones
 * that hold its rarest word.
 */
function promisingRecords(records: readonly ContextRecord[], question: AskedQuestion): readonly ContextRecord[] {
  const texts = records.map((record) => textOf(record).toLowerCase());
  const holders = question.stems.map(probeOf).map((probe) => records.filter((_, at) => texts[at]!.includes(probe)));
  const promising = new Set(holders.flat());
  if (promising.size <= manyRecords) return records.filter((record) => promising.has(record));
  return holders.filter((held) => held.length > 0).reduce((fewest, held) => (held.length < fewest.length ? held : fewest));
}

/** A beginning of the word: a stem lacks an ending, which may replace its last letter (`company`, `companies`). */
const probeOf = (stem: string): string => (stem.length > 4 ? stem.slice(0, -1) : stem);

const textOf = ({ label, fields }: ContextRecord): string =>
  `${label} ${fields.map(({ name, value }) => `${name} ${value}`).join(" ")}`;

function prepare(record: ContextRecord, { stemOf }: AskedQuestion) {
  const stemsOfKey = (text: string) => wordsOfKey(text).flatMap((word) => stemsOf(word, stemOf));
  const names = record.fields.map(({ name }) => new Set(stemsOfKey(name)));
  const texts = [record.label, ...record.fields.flatMap(({ name, value }) => [name, value])];
  const all = new Set(texts.flatMap((text) => [...stemsOf(text, stemOf), ...stemsOfKey(text)]));
  return { record, all, names, exact: exactNames(record, stemOf) };
}

/** Whole values and whole ends of paths, lower case: what a name in a question must equal to be that very thing. */
function exactNames({ label, fields }: ContextRecord, stemOf: AskedQuestion["stemOf"]): Set<string> {
  const values = fields.map(({ value }) => value.toLowerCase());
  const paths = [...label.toLowerCase().split(/\s+/), ...values.filter((value) => value.includes("/") && !/\s/.test(value))];
  return new Set([...paths.flatMap(endsOf), ...values].flatMap((name) => [name, stemOf(name)]));
}

/** The path itself, its last step, and a package's whole name below node_modules. */
function endsOf(path: string): string[] {
  const modules = path.lastIndexOf("node_modules/");
  return [path, path.slice(path.lastIndexOf("/") + 1), ...(modules >= 0 ? [path.slice(modules + "node_modules/".length)] : [])];
}

/** A field whose value the question names is what the question is about, not what it asks for. */
function wantedFields(record: ContextRecord, names: readonly ReadonlySet<string>[], question: AskedQuestion) {
  const scored = record.fields.map((field, at) => {
    const own = names[at]!;
    const byName = question.stems.filter((word) => own.has(word)).length / Math.max(1, own.size);
    const byCue = question.wantedFields.some((word) => own.has(word)) ? cueWeight : 0;
    const values = new Set(stemsOf(field.value, question.stemOf));
    const identifies = question.stems.some((word) => values.has(word));
    return { field, score: identifies ? 0 : Math.max(byName, byCue), byCue: byCue > byName, identifies };
  });
  const best = Math.max(0, ...scored.map(({ score }) => score));
  const chosen = best === 0 ? [] : scored.filter(({ score }) => score === best);
  return {
    fields: chosen.map(({ field }) => field),
    identifying: scored.filter(({ identifies }) => identifies).map(({ field }) => field),
    score: best,
    byCue: chosen.some(({ byCue }) => byCue),
  };
}
