// .github/workflows against the table of test categories, the image and the chart.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { testCategories } from "@nocp/cli/tests/test-categories.ts";
import { describe, expect, test } from "vitest";
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

const root = join(import.meta.dirname, "../../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const { jobs } = parse(read(".github/workflows/ci.yml")) as Workflow;
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

describe("the workflow that releases the image", () => {
  interface Step {
    readonly uses?: string;
    readonly if?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }
  const { jobs } = parse(read(".github/workflows/release-image.yml")) as { jobs: { image: { steps: readonly Step[] } } };
  const { steps } = jobs.image;

  test("builds both architectures from the Dockerfile, with SBOM and provenance, and pushes only a tag", () => {
    const build = steps.find(({ uses }) => uses?.startsWith("docker/build-push-action@"));
    expect(build?.with).toMatchObject({
      file: "deploy/Dockerfile",
      platforms: "linux/amd64,linux/arm64",
      push: expect.stringContaining(" github.ref_type == 'tag' "),
      sbom: expect.stringMatching(/^generator=/),
      provenance: "mode=max",
    });
    const args = [...String(build?.with?.["build-args"]).matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    const accepted = [...read("deploy/Dockerfile").matchAll(/^ARG (\w+)=/gm)].map(([, name]) => name);
    expect(accepted).toEqual(expect.arrayContaining(args));
    expect(args).toEqual(["VERSION", "REVISION"]);
  });

  test("logs in, writes and uploads nothing without a tag", () => {
    const publishing = steps.filter(
      ({ uses = "", run = "" }) => /login-action|upload-artifact/.test(uses) || /release\//.test(run),
    );
    expect(publishing.length).toBeGreaterThan(3);
    for (const step of publishing) expect(step.if, step.uses ?? step.run).toBe("github.ref_type == 'tag'");
  });

  test("checks the version where the package and the chart have it", () => {
    const { version } = JSON.parse(read("package.json")) as { version: string };
    const chart = parse(read("deploy/helm/nocp/Chart.yaml")) as { version: string; appVersion: string };
    expect(chart).toMatchObject({ version, appVersion: version });
    expect(read("deploy/helm/nocp/Chart.yaml").split("\n")).toContain(`appVersion: ${version}`);
  });

  test("gives the chart the image by digest: the lines that it replaces are there", () => {
    const replaced = steps.flatMap(({ run = "" }) =>
      [...run.matchAll(/s\|\^([^|]+)\$\|/g)].map(([, line]) => (line ?? "").replaceAll('\\"', '"')),
    );
    expect(replaced).toEqual(["  repository: nocp", '  digest: ""']);
    const lines = read("deploy/helm/nocp/values.yaml").split("\n");
    for (const line of replaced)
      expect(
        lines.filter((own) => own === line),
        line,
      ).toHaveLength(1);
  });
});
