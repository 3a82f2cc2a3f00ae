import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);

/** Bytes by which the resident set of a fresh process grows when `code` has run. */
async function grownBytes(code: string): Promise<number> {
  const script = `
    await import("@nocp/text/tokens/token-counter.ts");
    const before = process.memoryUsage().rss;
    ${code}
    console.log(process.memoryUsage().rss - before);`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script]);
  return Number(stdout);
}

it("counts in less than two thirds of the memory that gpt-tokenizer takes", async () => {
  const own = await grownBytes(`
    const { createTokenCounter } = await import("@nocp/models/tokens/create-token-counter.ts");
    createTokenCounter("gpt-4o").count("one two three");`);
  const library = await grownBytes(`
    const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
    countTokens("one two three");`);
  console.log(`o200k_base in memory: ${(own / 1e6).toFixed(0)} MB, gpt-tokenizer ${(library / 1e6).toFixed(0)} MB`);
  expect(own).toBeLessThan((2 / 3) * library);
});

it("loads nothing until the first count", async () => {
  const unused = await grownBytes(`
    const { createTokenCounter } = await import("@nocp/models/tokens/create-token-counter.ts");
    createTokenCounter("gpt-4o");`);
  const used = await grownBytes(`
    const { createTokenCounter } = await import("@nocp/models/tokens/create-token-counter.ts");
    createTokenCounter("gpt-4o").count("one two three");`);
  expect(unused).toBeLessThan(used);
});
