import { Readable, Writable } from "node:stream";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { loadFormats } from "@nocp/text/formats/load-formats.ts";
import { describe, expect, it } from "vitest";
import { type ArticulateOptions, runArticulateLines } from "./articulate-lines.ts";

const formats = await loadFormats();

async function run(
  input: string,
  options: Partial<ArticulateOptions> = {},
): Promise<{ exitCode: number; answers: Record<string, unknown>[] }> {
  let written = "";
  const output = new Writable({
    highWaterMark: 1,
    write(chunk, _encoding, done) {
      written += chunk;
      setImmediate(done);
    },
  });
  const dependencies = { formats, counter: createTokenCounter("gpt-4o") };
  const exitCode = await runArticulateLines(
    Readable.from([input]),
    output,
    { format: "auto", lines: false, ...options },
    dependencies,
  );
  await new Promise<void>((resolve) => output.end(resolve));
  return {
    exitCode,
    answers: written
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  };
}

describe("articulate on the command line", () => {
  it("answers one value of many lines with its cheapest format", async () => {
    const { exitCode, answers } = await run('[\n {"a": 1, "b": "x"},\n {"a": 2, "b": "y"}\n]\n');
    expect(exitCode).toBe(0);
    expect(answers).toEqual([
      {
        format: "csv",
        text: "a,b\n1,x\n2,y",
        tokens: 8,
        alternatives: expect.objectContaining({ csv: 8, json: 19, text: null }),
        roundTrip: true,
      },
    ]);
  });

  it("answers every line, says which are wrong, and says so in its exit code", async () => {
    const { exitCode, answers } = await run('{"a":1}\n\nnope\n"x"\n', { lines: true });
    expect(exitCode).toBe(1);
    expect(answers).toHaveLength(3);
    expect(answers[1]).toEqual({ error: expect.stringContaining("not JSON") });
    expect(answers[2]).toMatchObject({ format: "text", text: "x" });
  });

  it("uses the format asked for", async () => {
    const { answers } = await run('[{"a":1}]', { format: "markdown" });
    expect(answers[0]).toMatchObject({ format: "markdown", text: "| a |\n| --- |\n| 1 |" });
  });

  it("keeps the digits of a number that parsing would round", async () => {
    const { answers } = await run('{"id": 12345678901234567890}');
    expect(answers[0]).toMatchObject({ format: "json", text: '{"id":12345678901234567890}', roundTrip: true });
  });

  it("takes the cheapest format for records with such a number among them", async () => {
    const records = Array.from({ length: 20 }, (_, at) => ({ id: at, name: `name ${at}`, city: "Rome" }));
    for (const digits of ["12345678901234567890", "0.10000000000000001"]) {
      const source = JSON.stringify(records, null, 2).replace('"id": 7', `"id": ${digits}`);
      const [answer] = (await run(source)).answers;
      expect(answer).toMatchObject({ format: "csv", alternatives: { json: expect.any(Number) } });
      expect(answer?.text).toContain(`\n${digits},name 7,Rome\n`);
    }
  });

  it("reports an empty input as an error", async () => {
    expect(await run("")).toMatchObject({ exitCode: 1, answers: [{ error: expect.stringContaining("not JSON") }] });
  });

  it("writes a value of any depth without its blanks", async () => {
    const deep = await run(`${"[ ".repeat(10_000)}${"] ".repeat(10_000)}`);
    expect(deep).toMatchObject({ exitCode: 0, answers: [{ format: "json", text: "[".repeat(10_000) + "]".repeat(10_000) }] });
  });

  it("skips a byte order mark", async () => {
    expect(await run('\uFEFF[{"a":1}]')).toMatchObject({ exitCode: 0 });
    expect(await run('\uFEFF{"a":1}\n{"a":2}\n', { lines: true })).toMatchObject({ exitCode: 0 });
  });
});
