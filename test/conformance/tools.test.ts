// What every tool of act keeps to. It lists the folder: a new tool is covered without a change here.
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { adoptTool, argumentsJsonSchema } from "@nocp/act/adopt-tool.ts";
import { parseArguments } from "@nocp/act/tool-registry.ts";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { actTestContext } from "../fixtures/act-test-tool.ts";

const folder = resolve(import.meta.dirname, "../../services/act/src/tools");

const loaded = await Promise.all(
  readdirSync(folder).map(async (file) => {
    const imported: { default: unknown } = await import(resolve(folder, file));
    return { file, tool: adoptTool(imported.default, file) };
  }),
);

test("there are tools", () => {
  expect(loaded.length).toBeGreaterThan(0);
});

describe.each(loaded)("$file", ({ file, tool }) => {
  test("is named like its file, with dots for dashes", () => {
    expect(tool.name).toBe(file.replace(/\.ts$/, "").replaceAll("-", "."));
  });

  test("describes itself and every argument a model could not guess", () => {
    expect(tool.description).toMatch(/^[A-Z].{20,}\.$/s);
    const { properties } = argumentsJsonSchema(tool) as {
      properties: Record<string, { type?: string; description?: string; enum?: unknown }>;
    };
    const undescribed = Object.entries(properties).filter(([, { type, description }]) => type === "string" && !description);
    expect(undescribed.map(([name]) => name).filter((name) => !["url"].includes(name))).toEqual([]);
  });

  test("exports JSON Schema of an object that other validators accept, and that its example satisfies", () => {
    const schema = argumentsJsonSchema(tool);
    expect(schema).toMatchObject({ type: "object", additionalProperties: false });
    const validate = new Ajv2020({ strict: false }).compile(schema);
    expect(validate(tool.example), JSON.stringify(validate.errors)).toBe(true);
    expect(() => parseArguments(tool, tool.example)).not.toThrow();
  });

  test("refuses an argument it does not know, and arguments that are none", () => {
    const refusal = (input: unknown): unknown => {
      try {
        return parseArguments(tool, input);
      } catch (error) {
        return error;
      }
    };
    expect(refusal({ ...tool.example, surprise: 1 })).toMatchObject({
      code: "INVALID_ARGUMENTS",
      message: expect.stringContaining("surprise"),
    });
    for (const input of [null, [], "text", 1]) expect(refusal(input)).toMatchObject({ code: "INVALID_ARGUMENTS" });
  });

  test("does nothing once its signal has fired", async () => {
    const signal = AbortSignal.abort(new Error("too late"));
    const run = async () => tool.run(parseArguments(tool, tool.example), actTestContext({}, { signal }) as never);
    await expect(run()).rejects.toThrow("too late");
  });

  test("is retried or cached only because running it twice does no harm", () => {
    if (tool.maxAttempts > 1 || tool.cacheTtlMs > 0) expect(tool.idempotent).toBe(true);
    expect(tool.timeoutMs).toBeLessThanOrEqual(60_000);
  });
});
