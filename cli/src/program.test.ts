import type { Command } from "@commander-js/extra-typings";
import { describe, expect, it } from "vitest";
import { writtenEnvironment } from "../../test/fixtures/cli-environment.ts";
import { projectRoot } from "../../test/servers/start-test-deployment.ts";
import { type CommandEntry, commandTable } from "./command-table.ts";
import { withCommonOptions } from "./options/shared-options.ts";
import { runProgram } from "./program.ts";

const entryOf = (name: string, declareCommand: (command: Command) => void): CommandEntry => ({
  name,
  group: "Testing",
  summary: `does ${name}`,
  load: async () => ({ declareCommand }),
});

function twoCommands() {
  const seen: { loaded: string[]; options: unknown[] } = { loaded: [], options: [] };
  const entry = (name: string) =>
    entryOf(name, (command) => {
      seen.loaded.push(name);
      withCommonOptions(command).action((options) => void seen.options.push(options));
    });
  return { seen, commands: [entry("first"), entry("second")] };
}

const run = async (argv: readonly string[], commands?: readonly CommandEntry[]) => {
  const written = writtenEnvironment({ root: projectRoot });
  await runProgram(argv, { environment: written.environment, version: "1.2.3", ...(commands ? { commands } : {}) });
  return { stdout: written.stdout(), stderr: written.stderr() };
};

describe("the command line", () => {
  it("loads the file of the command that is run, and no other", async () => {
    const { seen, commands } = twoCommands();
    await run(["second"], commands);
    expect(seen.loaded).toEqual(["second"]);
  });

  it("has --json, --verbose and a repeatable --set in common", async () => {
    const { seen, commands } = twoCommands();
    await run(["first", "--json", "-v", "--set", "act.concurrency=8", "--set", "log.level=warn"], commands);
    expect(seen.options[0]).toEqual({ json: true, verbose: true, set: { "act.concurrency": "8", "log.level": "warn" } });
  });

  it("prints the version, and help without arguments, on stdout", async () => {
    const { commands } = twoCommands();
    expect((await run(["--version"], commands)).stdout).toBe("1.2.3\n");
    const { stdout, stderr } = await run([], commands);
    expect(stdout).toContain("does second");
    expect(stderr).toBe("");
  });

  it("names the subcommands of a command that was called without one, whatever options it was given", async () => {
    const commands = [entryOf("parts", (command) => void command.command("list").action(() => {}))];
    for (const argv of [["parts"], ["parts", "--json"]]) {
      await expect(run(argv, commands)).rejects.toMatchObject({
        code: "USAGE",
        message: "parts needs one of these subcommands: list",
      });
    }
  });

  it.each([
    { argv: ["third"], message: /^unknown command 'third'$/, advice: "See ./nocp --help" },
    { argv: ["frist"], message: /^unknown command 'frist'$/, advice: "Did you mean first? ./nocp --help lists all" },
    { argv: ["first", "--frob"], message: /^unknown option '--frob'$/, advice: "See ./nocp first --help" },
    {
      argv: ["first", "--jsno"],
      message: /^unknown option '--jsno'$/,
      advice: "Did you mean --json? ./nocp first --help lists all",
    },
    {
      argv: ["first", "--set", "no-value"],
      message: /--set.*'no-value' is invalid. Write section.name=value/,
      advice: "first --help",
    },
  ])(
    "refuses $argv as wrong usage, in one line that says what is wrong and what was meant",
    async ({ argv, message, advice }) => {
      await expect(run(argv, twoCommands().commands)).rejects.toMatchObject({
        code: "USAGE",
        message: expect.stringMatching(message),
        advice: expect.stringContaining(advice),
      });
    },
  );
});

describe("every command", () => {
  const names = commandTable.map(({ name }) => name);

  it.each(names)("%s --help shows its options, and no default that is an object", async (name) => {
    const { stdout } = await run([name, "--help"]);
    expect(stdout).toContain(`nocp ${name}`);
    expect(stdout).not.toContain("[object");
    expect(stdout).not.toMatch(/default: [{[]\s*[}\]]/);
  });

  it.each(names)("%s has the common options, as have its subcommands", async (name) => {
    const { stdout } = await run([name, "--help"]);
    const subcommands = [...(stdout.split("Commands:\n")[1] ?? "").matchAll(/^ {2}(\w+) /gm)].map(
      ([, subcommand]) => subcommand as string,
    );
    for (const path of subcommands.length === 0 ? [[name]] : subcommands.map((subcommand) => [name, subcommand])) {
      const help = (await run([...path, "--help"])).stdout;
      for (const option of ["--json", "--verbose", "--set <section.name=value>"]) expect(help).toContain(option);
    }
  });
});
