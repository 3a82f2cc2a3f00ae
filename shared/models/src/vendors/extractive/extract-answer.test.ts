import { describe, expect, it } from "vitest";
import { promptOf } from "../../../../../test/fixtures/llm-router-fixtures.ts";
import { extractAnswer, noAnswer } from "./extract-answer.ts";
import { fillSchema } from "./fill-schema.ts";

const answer = (context: string, query: string): string => extractAnswer(promptOf(query, { context })).text;

const lockfile = {
  name: "shop",
  packages: {
    "": { name: "shop", version: "0.1.0" },
    "node_modules/zod": { version: "4.6.7", license: "MIT" },
    "node_modules/zod-to-json-schema": { version: "3.2.1", license: "ISC" },
    "node_modules/@types/node": { version: "24.1.0" },
    "node_modules/lodash.merge": { version: "4.6.2" },
  },
};
const licenses = {
  columns: ["license", "count"],
  rows: [
    { license: "MIT", count: 310 },
    { license: "ISC", count: 22 },
  ],
  rowCount: 2,
  truncated: false,
};

describe("a field of structured context", () => {
  it.each([
    ["compact JSON of a tool", `file.read: ${JSON.stringify({ path: "package-lock.json", content: lockfile })}`],
    ["bare JSON", JSON.stringify(lockfile)],
    ["pretty JSON", JSON.stringify(lockfile, null, 2)],
    ["JSON inside a text value", `file.read: ${JSON.stringify({ content: JSON.stringify(lockfile) })}`],
    [
      "path: key: value lines",
      "file.read:\npackages.node_modules/zod: version: 4.6.7; license: MIT\npackages.node_modules/fastify: version: 5.6.0",
    ],
    [
      "a table of NOCP",
      "file.read:\npackages[2 of 90] all dev: true; name | version:\nzod | 4.6.7; license: MIT\nvitest | 5.1.1",
    ],
    ["TOON", "packages[2]{name,version,license}:\n  zod,4.6.7,MIT\n  fastify,5.6.0,MIT"],
    ["CSV", "name,version\nzod,4.6.7\nfastify,5.6.0"],
    ["a Markdown table", "| name | version |\n|---|---|\n| zod | 4.6.7 |\n| fastify | 5.6.0 |"],
  ])("is found in %s", (_name, context) => {
    const text = answer(context, "Which version of zod is resolved in package-lock.json?");
    expect(text).toMatch(/^version: 4\.6\.7/);
    expect(text).not.toContain("5.6.0");
    expect(text).not.toContain("3.2.1");
  });

  it.each([
    ["What version of @types/node is locked?", "24.1.0"],
    ["Which license does zod-to-json-schema have?", "ISC"],
    ["What is the version of lodash.merge?", "4.6.2"],
  ])("belongs to the thing named to the letter: %s", (query, value) => {
    expect(answer(JSON.stringify(lockfile), query)).toContain(value);
  });

  it.each([
    ["How many packages use the MIT license?", "count: 310"],
    ["Which license is the most common?", "license: MIT"],
    ["Which license is the least common?", "license: ISC"],
  ])("of an aggregate is quoted: %s", (query, expected) => {
    expect(answer(`sql.query: ${JSON.stringify(licenses)}`, query)).toContain(expected);
  });

  it("of a result with one row is quoted, whatever it is called", () => {
    const result = { columns: ["x"], rows: [{ x: 517 }], rowCount: 1, truncated: false };
    expect(answer(`sql.query: ${JSON.stringify(result)}`, "What is the sum over all sizes?")).toBe("sql.query: x: 517");
  });
});

describe("a sentence of a text", () => {
  it.each([
    [
      "Which port does NATS use by default?",
      "NATS guide\nNATS is a messaging system. JetStream adds persistence. The default port of NATS is 4222.\n\nRedis\nRedis listens on 6379.",
      "The default port of NATS is 4222.",
    ],
    [
      "Où se trouve le siège de la société ?",
      "Le siège de la société se trouve à Lyon. Elle a été fondée en 1998.",
      "Le siège de la société se trouve à Lyon.",
    ],
    ["日本的首都是哪里？", "东京是日本的首都。富士山高3776米。", "东京是日本的首都。"],
  ])("answers: %s", (query, context, expected) => {
    expect(answer(context, query)).toBe(expected);
  });

  it("is found in the conversation as well", () => {
    const prompt = promptOf("What is my order number?", {
      history: [{ role: "user", text: "Hello. My order number is ORD-117." }],
    });
    expect(extractAnswer(prompt).text).toContain("ORD-117");
  });
});

describe("honesty", () => {
  it.each([
    ["nothing is there", "", "What is the capital of Mongolia?"],
    ["the text speaks of something else", "The cat sat on the mat. Paris is in France.", "What is the capital of Mongolia?"],
    ["the thing is there and the field is not", JSON.stringify(lockfile), "What is the phone number of Bob?"],
  ])("says that the context does not answer when %s", (_name, context, query) => {
    const extracted = extractAnswer(promptOf(query, { context }));
    expect(extracted).toEqual({ text: noAnswer, confidence: 0 });
  });

  it("tells which tools failed, beside the answer or instead of it", () => {
    const failure = "http.get: failed: HOST_NOT_ALLOWED: example.com is not on the list";
    expect(answer(failure, "What does the page say?")).toBe(
      `${noAnswer}\nNote: http.get failed: HOST_NOT_ALLOWED: example.com is not on the list`,
    );
    expect(answer(`${failure}\n\n${JSON.stringify(lockfile)}`, "What version of zod is there?")).toMatch(
      /4\.6\.7.*\nNote: http\.get failed/s,
    );
  });
});

describe("a schema", () => {
  const schema = (properties: object, required: string[] = []) => ({ type: "object", properties, required });
  const context = JSON.stringify({
    orders: [
      { id: 1, customer: "Ada", total: 12.5, paid: true },
      { id: 2, customer: "Bob", total: 99, paid: false },
    ],
  });

  it("is filled from the record that answers the question, with the types it wants", () => {
    const filled = fillSchema(
      schema({ customer: { type: "string" }, total: { type: "number" }, paid: { type: "boolean" } }),
      context,
      "What did Bob order?",
      "",
    );
    expect(JSON.parse(filled)).toEqual({ customer: "Bob", total: 99, paid: false });
  });

  it("with one text property takes the answer", () => {
    expect(
      JSON.parse(
        fillSchema(schema({ answer: { type: "string" } }), "Paris is the capital.", "capital?", "Paris is the capital."),
      ),
    ).toEqual({ answer: "Paris is the capital." });
  });

  it.each([
    ["a required property is nowhere", schema({ customer: { type: "string" }, phone: { type: "string" } }, ["phone"]), /"phone"/],
    ["a value is of another type", schema({ customer: { type: "integer" } }, ["customer"]), /"customer"/],
    ["it is no object", { type: "array" }, /only an object/],
  ])("is refused when %s", (_name, wanted, message) => {
    expect(() => fillSchema(wanted, context, "What did Bob order?", "x")).toThrow(message);
  });
});

it("does not take the reference to what was shortened for content", () => {
  const context = `licenses: ${JSON.stringify(licenses)}`;
  const shortened = `${context}\n\n[shortened: context.retrieve abcdefghij]`;
  expect(answer(shortened, "Which licenses are there?")).toBe(answer(context, "Which licenses are there?"));
  expect(answer("[shortened: context.retrieve abcdefghij]", "What does the shortened context retrieve?")).toBe(noAnswer);
});
