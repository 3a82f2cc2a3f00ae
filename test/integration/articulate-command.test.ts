import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../../cli/src/main.ts", import.meta.url));

async function articulate(input: string, args: readonly string[]) {
  const child = spawn(process.execPath, [program, "articulate", ...args]);
  child.stdin.end(input);
  const [output, errors, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { output, errors, exitCode };
}

describe("the articulate command as a process", () => {
  it("turns a table into fewer tokens than compact JSON and exits with 0", async () => {
    const rows = Array.from({ length: 200 }, (_, id) => ({ id, name: `Name ${id}`, active: id % 3 === 0 }));
    const { output, exitCode } = await articulate(JSON.stringify(rows), []);
    const answer = JSON.parse(output);
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({ format: "csv", roundTrip: true });
    expect(answer.tokens).toBeLessThan(0.7 * answer.alternatives.json);
  });

  it("goes on after a wrong line and exits with 1", async () => {
    const { output, exitCode } = await articulate('{"a":\n[1,2]\n', ["--lines"]);
    expect(exitCode).toBe(1);
    expect(
      output
        .trim()
        .split("\n")
        .map((line) => Object.keys(JSON.parse(line))[0]),
    ).toEqual(["error", "format"]);
  });

  it("says in one line what is wrong with its options", async () => {
    const { errors, exitCode } = await articulate("1", ["--format", "yaml"]);
    expect(exitCode).toBe(2);
    expect(errors.trim().split("\n")).toEqual([expect.stringMatching(/--format .*'yaml' is invalid.*auto, text, json/)]);
  });
});
