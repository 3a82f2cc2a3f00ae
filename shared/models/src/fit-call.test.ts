import { promptMessages } from "@nocp/contracts/prompt.ts";
import { describe, expect, test } from "vitest";
import { promptOf, weatherTool } from "../../../test/fixtures/llm-router-fixtures.ts";
import { type Capabilities, capabilitiesOf, usualCapabilities, withRule } from "./capabilities.ts";
import { fitCall } from "./fit-call.ts";
import { geminiCapabilities } from "./vendors/gemini/capabilities.ts";
import { geminiSchema } from "./vendors/gemini/response-schema.ts";
import { openAiChatCapabilities } from "./vendors/openai/capabilities.ts";
import { openAiSchema } from "./vendors/openai/strict-schema.ts";

const call = {
  model: "m",
  messages: promptMessages(promptOf("What is it?")),
  tools: [],
  toolChoice: "auto" as const,
  maxOutputTokens: 100,
};
const fittedTo = (more: Partial<Parameters<typeof fitCall>[0]>, capabilities: Capabilities = usualCapabilities) =>
  fitCall({ ...call, ...more }, capabilities, "openai");
const schema = {
  type: "object",
  properties: { city: { type: "string", minLength: 3 } },
  required: ["city"],
  additionalProperties: false,
};

describe("a call fitted to its model", () => {
  test("stays as it is where everything is taken, without a warning", () => {
    const { call: fitted, warnings } = fittedTo({ temperature: 0.5, seed: 1, stop: ["x"] });
    expect(fitted).toEqual({ ...call, temperature: 0.5, seed: 1, stop: ["x"] });
    expect(warnings).toEqual([]);
  });

  test("loses what a reasoning model does not take, with a warning for each", () => {
    const { call: fitted, warnings } = fittedTo(
      { temperature: 0.5, topP: 0.9, reasoningEffort: "low" },
      capabilitiesOf(openAiChatCapabilities, "gpt-5.4-mini"),
    );
    expect(fitted).toEqual({ ...call, reasoningEffort: "low" });
    expect(warnings.map(({ code, message }) => [code, message.split(":")[0]])).toEqual([
      ["PARAMETER_DROPPED", "m does not take routing.temperature"],
      ["PARAMETER_DROPPED", "m does not take generation.topP"],
    ]);
  });

  test("keeps as many stop texts as are taken", () => {
    const { call: fitted, warnings } = fittedTo({ stop: ["a", "b", "c", "d", "e"] });
    expect(fitted.stop).toEqual(["a", "b", "c", "d"]);
    expect(warnings).toMatchObject([{ code: "PARAMETER_DROPPED" }]);
  });

  test("says the schema to a model of Gemini that takes none beside tools", () => {
    const old = capabilitiesOf(geminiCapabilities, "gemini-2.5-flash");
    const { call: fitted, warnings } = fittedTo({ outputSchema: schema, tools: [weatherTool] }, old);
    expect(fitted.outputSchema).toBeUndefined();
    expect(fitted.messages[0]).toEqual({ role: "system", text: expect.stringContaining('"minLength":3') });
    expect(warnings).toMatchObject([{ code: "PARAMETER_DROPPED", message: expect.stringContaining("the answer is checked") }]);
    expect(fittedTo({ outputSchema: schema }, old).call.outputSchema).toBe(schema);
  });

  test("is refused when it would be another question without its image", () => {
    const blind = withRule(usualCapabilities, { parts: { images: "refused" } });
    const messages = [
      { role: "user" as const, text: "What is it?", parts: [{ type: "image" as const, url: "https://example.com/a.png" }] },
    ];
    expect(() => fittedTo({ messages }, blind)).toThrow(expect.objectContaining({ code: "PROVIDER_UNSUPPORTED" }));
  });

  test("takes reasoning back to its vendor and to no other", () => {
    const reasoning = [
      { vendor: "anthropic", data: { type: "thinking" } },
      { vendor: "openai", data: { type: "reasoning" } },
    ];
    const messages = [{ role: "assistant" as const, text: "Hi", reasoning }];
    const taking = withRule(usualCapabilities, { parts: { reasoningItems: "sent" } });
    expect(fittedTo({ messages }, taking).call.messages[0]?.reasoning).toEqual([reasoning[1]]);
    const dropped = fittedTo({ messages });
    expect(dropped.call.messages[0]).not.toHaveProperty("reasoning");
    expect(dropped.warnings).toHaveLength(1);
  });
});

describe("an output schema", () => {
  test("is strict at OpenAI once the keywords are gone that its strict mode refuses", () => {
    expect(openAiSchema(schema)).toEqual({
      strict: true,
      schema: { ...schema, properties: { city: { type: "string" } } },
    });
  });

  test("that has a property of a keyword's name keeps it", () => {
    const named = {
      type: "object",
      properties: { minLength: { type: "number" } },
      required: ["minLength"],
      additionalProperties: false,
    };
    expect(openAiSchema(named)).toEqual({ strict: true, schema: named });
    expect(geminiSchema(named)).toEqual(named);
  });

  test("that cannot be strict goes as it is", () => {
    const loose = { type: "object", properties: { a: { type: "string", minLength: 1 } } };
    expect(openAiSchema(loose)).toEqual({ strict: false, schema: loose });
  });

  test("has at Gemini the keywords that it knows, and a constant as a choice of one", () => {
    expect(geminiSchema({ type: "object", patternProperties: {}, properties: { a: { const: "x", minLength: 1 } } })).toEqual({
      type: "object",
      properties: { a: { enum: ["x"] } },
    });
  });
});
