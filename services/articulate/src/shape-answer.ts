// The answer in the form the caller wants: checked against the schema, in the asked or the cheapest format.
import type { Warning } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import { holdsItsNumbers, parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import type { NocpRequest, OutputFormat } from "@nocp/contracts/request.ts";
import type { SchemaValidator } from "@nocp/contracts/schemas/schema-validator.ts";
import type { Format } from "@nocp/text/formats/format.ts";
import { selectFormat } from "@nocp/text/formats/select-format.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { type AnswerJson, jsonCandidates, wholeJsonOf } from "./answer-json.ts";

export interface ShapedAnswer {
  readonly text: string;
  readonly format: OutputFormat;
  /** `raw`: the answer as the model gave it; a structured one as compact JSON, so that no saving is claimed on blanks. */
  readonly tokens: { readonly raw: number; readonly optimized: number };
  readonly schemaSatisfied: boolean | undefined;
  readonly warnings: readonly Warning[];
}

export interface ShapeDependencies {
  readonly formats: readonly Format[];
  readonly validator: SchemaValidator;
  readonly maxComparedBytes: number;
}

/**
 * A verbatim answer is handed on unread: its caller checks it, and may have seen it as it came.
 * Without a schema an answer stays text, unless it is JSON throughout and no text was asked for.
 * @throws NocpError ANSWER_SCHEMA_MISMATCH, naming the path; INVALID_OUTPUT_SCHEMA.
 */
export function shapeAnswer(
  answer: string,
  output: NocpRequest["output"],
  counter: TokenCounter,
  dependencies: ShapeDependencies,
): ShapedAnswer {
  const { schema, format } = output;
  if (output.verbatim) return { ...plain(answer, counter), format: schema === undefined ? "text" : "json" };
  if (schema !== undefined) {
    const satisfying = matchSchema(answer, schema, dependencies.validator);
    return { ...formatted(satisfying, format, counter, dependencies), schemaSatisfied: true };
  }
  const whole = format === "text" ? undefined : wholeJsonOf(answer);
  const structured = typeof whole?.value === "object" && whole.value !== null ? whole : undefined;
  if (!structured && (format === "auto" || format === "text")) return plain(answer, counter);
  return formatted(structured ?? { value: answer, source: JSON.stringify(answer) }, format, counter, dependencies);
}

/** The first JSON value of the answer that satisfies the schema; an answer without any is one string. */
function matchSchema(answer: string, schema: Readonly<Record<string, unknown>>, validator: SchemaValidator): AnswerJson {
  const findMismatch = validator.compile(schema);
  const found = jsonCandidates(answer);
  const candidates = found.length > 0 ? found : [{ value: answer, source: JSON.stringify(answer) }];
  const mismatches: string[] = [];
  for (const candidate of candidates) {
    const mismatch = findMismatch(candidate.value);
    if (mismatch === undefined) return candidate;
    mismatches.push(mismatch);
  }
  const longest = candidates.reduce((best, { source }, at) => (source.length > candidates[best]!.source.length ? at : best), 0);
  const prose = found.length === 0 ? "the answer holds no JSON value" : `the answer does not match: ${mismatches[longest]}`;
  throw new NocpError("ANSWER_SCHEMA_MISMATCH", prose);
}

const plain = (answer: string, counter: TokenCounter): ShapedAnswer => {
  const tokens = counter.count(answer);
  return { text: answer, format: "text", tokens: { raw: tokens, optimized: tokens }, schemaSatisfied: undefined, warnings: [] };
};

function formatted(
  { value: rounded, source }: AnswerJson,
  asked: NocpRequest["output"]["format"],
  counter: TokenCounter,
  { formats, maxComparedBytes }: ShapeDependencies,
): ShapedAnswer {
  const json = formats.filter((format) => format.name === "json");
  const tooLarge = Buffer.byteLength(source) > maxComparedBytes;
  const value = holdsItsNumbers(source) ? rounded : parseExactly(source);
  const baseline = selectFormat(value, json, counter);
  const selected = tooLarge && asked === "auto" ? baseline : selectFormat(value, formats, counter, asked);
  return {
    text: selected.text,
    format: selected.format,
    tokens: { raw: baseline.tokens, optimized: selected.tokens },
    schemaSatisfied: undefined,
    warnings: asked === "auto" || asked === selected.format ? [] : [notHeld(asked, selected.format)],
  };
}

const notHeld = (asked: string, used: string): Warning =>
  warningOf("FORMAT_NOT_HELD", `the answer is in ${used} instead of ${asked}: it cannot hold the answer`);
