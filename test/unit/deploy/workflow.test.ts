// .github/workflows/ci.yml against the table of test categories.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { testCategories } from "@nocp/cli/tests/test-categories.ts";
import { expect, test } from "vitest";
import { parse } from "yaml";

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly strategy: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
        readonly steps: readonly { readonly run?: string }[];
      }
    >
  >;
}

const { jobs } = parse(readFileSync(join(import.meta.dirname, "../../../.github/workflows/ci.yml"), "utf8")) as Workflow;
const commandsOf = (job: string) => jobs[job]?.steps.flatMap(({ run }) => (run === undefined ? [] : [run])) ?? [];

test("the plain suite and every other category run", () => {
  expect(commandsOf("check-and-test")).toContain(".ci/run");
  const others = testCategories.filter(({ isPlain }) => !isPlain).map(({ name }) => name);
  expect(new Set(jobs["long-tests"]?.strategy.matrix.category)).toEqual(new Set(others));
});

test("nothing is installed by hand: ./nocp brings what the project needs", () => {
  const commands = Object.keys(jobs).flatMap(commandsOf);
  expect(commands.length).toBeGreaterThan(0);
  expect(commands.filter((command) => !/^(\.ci\/run|\.\/nocp [a-z].*)$/.test(command))).toEqual([]);
});
