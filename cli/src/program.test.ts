import { describe, expect, it } from "vitest";
import { writtenEnvironment } from "../../test/fixtures/cli-environment.ts";
import type { CommandEntry } from "./command-table.ts";
import { runProgram } from "./program.ts";

function twoCommands() {
  const seen: { loaded: string[]; options: unknown[] } = { loaded: [], options: [] };
  const entry = (name: string): CommandEntry => ({
    name,
    group: "Testing",
    summary: `does ${name}`,
    load: async () => {
      seen.loaded.push(name);
      return { declareCommand: (command) => void command.action((options: unknown) => void seen.options.push(options)) };
    },
  });
  return { seen, commands: [entry("first"), entry("second")] };
}

describe("the command line", () => {
  it("loads the file of the command that is run, and no other", async () => {
    const { seen, commands } = twoCommands();
    await runProgram(["second"], { environment: writtenEnvironment().environment, version: "1.2.3", commands });
    expect(seen.loaded).toEqual(["second"]);
  });

  it("gives every command --json, --verbose and a repeatable --set", async () => {
    const { seen, commands } = twoCommands();
    const argv = ["first", "--json", "-v", "--set", "act.concurrency=8", "--set", "log.level=warn"];
    await runProgram(argv, { environment: writtenEnvironment().environment, version: "1.2.3", commands });
    expect(seen.options[0]).toEqual({ json: true, verbose: true, set: { "act.concurrency": "8", "log.level": "warn" } });
  });

  it("prints the version, and help without arguments, on stdout", async () => {
    const { commands } = twoCommands();
    const written = writtenEnvironment();
    await runProgram(["--version"], { environment: written.environment, version: "1.2.3", commands });
    await runProgram([], { environment: written.environment, version: "1.2.3", commands });
    expect(written.stdout()).toMatch(/^1\.2\.3\n/);
    expect(written.stdout()).toContain("does second");
    expect(written.stderr()).toBe("");
  });

  it("names the parts of a command that was called without one, whatever options it was given", async () => {
    const entry: CommandEntry = {
      name: "parts",
      group: "Testing",
      summary: "has parts",
      load: async () => ({ declareCommand: (command) => void command.command("list").action(() => {}) }),
    };
    for (const argv of [["parts"], ["parts", "--json"]]) {
      const run = runProgram(argv, { environment: writtenEnvironment().environment, version: "1.2.3", commands: [entry] });
      await expect(run).rejects.toMatchObject({ code: "USAGE", message: "parts needs one of list" });
    }
  });

  it.each([
    { argv: ["third"], message: /unknown command 'third'/ },
    { argv: ["first", "--frob"], message: /unknown option '--frob'/ },
    { argv: ["first", "--set", "no-value"], message: /--set no-value has no value/ },
  ])("refuses $argv as wrong usage, saying what is wrong", async ({ argv, message }) => {
    const { commands } = twoCommands();
    const run = runProgram(argv, { environment: writtenEnvironment().environment, version: "1.2.3", commands });
    await expect(run).rejects.toMatchObject({ code: "USAGE", message: expect.stringMatching(message) });
  });
});
