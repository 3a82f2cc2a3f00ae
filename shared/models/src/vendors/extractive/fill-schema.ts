// Fills a simple JSON Schema from what the context holds in fields; an answer in JSON is nothing to make up.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { wordsOfKey } from "@nocp/text/words/split-words.ts";
import { readAskedQuestion } from "./asked-question.ts";
import type { ContextRecord } from "./context-record.ts";
import { readContext } from "./context-records.ts";
import { selectRecords } from "./select-record.ts";

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null && !Array.isArray(value);

const refuse = (reason: string): NocpError =>
  new NocpError("ANSWER_SCHEMA_MISMATCH", `the built-in extractive provider cannot fill output.schema: ${reason}`, {
    advice: "Configure a language model for structured answers, or name fields as the context does.",
  });

/**
 * An object of scalars: each property from the field of the same name, in the record that answers the question best;
 * a lone text property takes the whole answer.
 * @param answer the extracted answer as text.
 * @returns JSON.
 * @throws NocpError ANSWER_SCHEMA_MISMATCH saying which property cannot be filled.
 */
export function fillSchema(schema: Schema, context: string, query: string, answer: string): string {
  if (schema.type !== "object" || !isSchema(schema.properties)) throw refuse("only an object with properties can be filled");
  const properties = Object.entries(schema.properties);
  const required = Array.isArray(schema.required) ? schema.required : [];
  const { records } = readContext(context);
  const ranked = selectRecords(records, readAskedQuestion(query)).map(({ record }) => record);
  const filled: Record<string, unknown> = {};
  for (const [name, property] of properties) {
    const value = fieldValue(name, isSchema(property) ? property : {}, ranked.length > 0 ? ranked : records);
    if (value !== undefined) filled[name] = value;
    else if (properties.length === 1 && isSchema(property) && property.type === "string") filled[name] = answer;
    else if (required.includes(name)) throw refuse(`the context has no "${name}" that fits`);
  }
  if (Object.keys(filled).length === 0) throw refuse("the context has none of its properties");
  return JSON.stringify(filled);
}

function fieldValue(name: string, property: Schema, records: readonly ContextRecord[]): unknown {
  const wanted = wordsOfKey(name).join(" ");
  for (const { fields } of records) {
    const field = fields.find((candidate) => wordsOfKey(candidate.name).join(" ") === wanted);
    const value = field && converted(field.value, property);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The text as the type the property wants; undefined when it is not of that type. */
function converted(text: string, property: Schema): unknown {
  const types = Array.isArray(property.type) ? property.type : [property.type];
  for (const type of types) {
    if (type === "null" && text === "null") return null;
    if (type === "boolean" && /^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
    if ((type === "number" || type === "integer") && text.trim() !== "") {
      const number = Number(text);
      if (Number.isFinite(number) && (type === "number" || Number.isInteger(number))) return number;
    }
    if (type === "string" || type === undefined) {
      return !Array.isArray(property.enum) || property.enum.includes(text) ? text : undefined;
    }
  }
  return undefined;
}
