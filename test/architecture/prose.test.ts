// What documents say of the project exists: links, files, settings, variables, commands and their options.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { Command } from "@commander-js/extra-typings";
import { commandTable } from "@nocp/cli/command-table.ts";
import { findSections } from "@nocp/cli/reference/configuration.ts";
import { environmentName } from "@nocp/contracts/settings/setting.ts";
import { deadLetterStream, eventsStream, resultsStream, stages, topologyOf } from "@nocp/contracts/topology.ts";
import { describe, expect, test } from "vitest";
import { writtenEnvironment } from "../fixtures/cli-environment.ts";
import { stepsOf } from "./contributing-steps.ts";
import { readSourceFiles, readTestFiles, root, sourceFolders } from "./source-file.ts";

interface Page {
  /** Below the project's folder. */
  readonly path: string;
  readonly text: string;
  /** Without the code blocks. */
  readonly prose: string;
}

const markdownIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.includes("node_modules"))
    .map((name) => join(folder, name));

const pageOf = (path: string): Page => {
  const text = readFileSync(join(root, path), "utf8");
  return { path, text, prose: text.replace(/^( *)```[\s\S]*?^\1```$/gm, "") };
};
/** Without the changelog, which speaks of earlier versions. */
const rootPages = readdirSync(root).filter((name) => name.endsWith(".md") && name !== "CHANGELOG.md");
const pages = [...rootPages, ...markdownIn("docs"), ...markdownIn("examples"), ...markdownIn("shared")].map(pageOf);

/** What stands between backticks in a page's prose. */
const codeSpans = ({ prose }: Page): string[] => [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? "");
const wrong = (find: (page: Page) => readonly string[]): string[] =>
  pages.flatMap((page) => find(page).map((what) => `${page.path}: ${what}`));

/** Files that CONTRIBUTING.md tells its reader to create. */
const toCreate = readFileSync(join(root, "CONTRIBUTING.md"), "utf8")
  .split(/^## /m)
  .flatMap((section) => stepsOf(`## ${section}`, section.split("\n")[0] ?? ""))
  .filter(({ action }) => action === "create")
  .map(({ file }) => file);

test("the pages are found", () => {
  expect(pages.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["README.md", "docs/archive.md", "examples/tools/README.md"]),
  );
});

describe("links", () => {
  const anchorsOf = (file: string): string[] =>
    [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      (heading ?? "")
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    );

  test("lead to files and headings that exist", () => {
    const broken = wrong(({ path, prose }) =>
      [...prose.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(([link, file = "", anchor]) => {
        const target = file === "" ? join(root, path) : join(root, dirname(path), file);
        if (!existsSync(target)) return [link];
        return anchor === undefined || anchorsOf(target).includes(anchor) ? [] : [link];
      }),
    );
    expect(broken).toEqual([]);
  });
});

describe("files", () => {
  const sources = new Set([...readSourceFiles(sourceFolders), ...readTestFiles()].map(({ path }) => basename(path)));
  const ownFolders = /^(?:services|shared|cli|test|docs|deploy|examples|benchmarks)\/[\w./@-]+$/;

  test("that are named by their path exist, or are to be created", () => {
    const missing = wrong((page) =>
      codeSpans(page).filter(
        (code) => ownFolders.test(code) && !existsSync(join(root, code)) && !toCreate.some((file) => `${file}/`.startsWith(code)),
      ),
    );
    expect(missing).toEqual([]);
  });

  test("that are named without a folder exist", () => {
    const created = toCreate.map((file) => basename(file, ".ts"));
    const missing = wrong((page) =>
      codeSpans(page).filter(
        (code) =>
          /^[\w-]+(?:\.test)?\.ts$/.test(code) && !sources.has(code) && !created.includes(code.replace(/(\.test)?\.ts$/, "")),
      ),
    );
    expect(missing).toEqual([]);
  });
});

describe("settings", async () => {
  const sections = await findSections(root);
  /** Two names of tools begin like a section's. */
  const tools = readdirSync(join(root, "services/act/src/tools")).map((file) => basename(file, ".ts").replaceAll("-", "."));
  const names = sections.map(({ name }) => name).sort((left, right) => right.length - left.length);

  test("exist under the name a page gives", () => {
    const unknown = wrong((page) =>
      codeSpans(page).filter((code) => {
        const name = /^[\w.-]+(?:\.\*)?$/.test(code) ? names.find((section) => code.startsWith(`${section}.`)) : undefined;
        const key = code.slice((name?.length ?? 0) + 1);
        const settings = sections.find((section) => section.name === name)?.settings;
        return settings !== undefined && key !== "*" && !tools.includes(code) && !Object.hasOwn(settings, key);
      }),
    );
    expect(unknown).toEqual([]);
  });

  test("exist under the variable a page gives", () => {
    const known = new Set([
      ...sections.flatMap(({ name, settings }) =>
        Object.entries(settings).flatMap(([key, { aliases }]) => [environmentName(name, key), ...(aliases ?? [])]),
      ),
      ...stages.map((stage) => topologyOf(stage).stream),
      ...[resultsStream, eventsStream, deadLetterStream],
    ]);
    // Those of tests are no settings; some are made of a prefix and the name of a service.
    const isKnown = (name: string): boolean =>
      known.has(name) || name === "NOCP_TEST_EARLIER_VERSION" || name.startsWith("NOCP_TEST_IMAGE_");
    const unknown = wrong(({ prose, text, path }) =>
      [...(path === "CONTRIBUTING.md" ? prose : text).matchAll(/\bNOCP_[A-Z0-9_]+\b/g)]
        .map(([name]) => name)
        .filter((name) => !isKnown(name)),
    );
    expect(unknown).toEqual([]);
  });
});

describe("commands", async () => {
  const { environment } = writtenEnvironment({ root });
  const commands = new Map<string, CommandUnknownOpts>();
  for (const { name, load } of commandTable) {
    const command = new Command(name);
    (await load()).declareCommand(command, environment);
    commands.set(name, command);
  }
  const flagsOf = ({ options }: CommandUnknownOpts): string[] => options.flatMap(({ long, short }) => [long ?? "", short ?? ""]);

  /** @returns what is wrong with `./nocp …` as a page writes it. */
  function problemOf(written: string): string[] {
    const [name = "", ...words] = written.trim().split(/\s+/);
    if (name.startsWith("-") || name.startsWith("<")) return [];
    const command = commands.get(name);
    if (!command) return [`there is no command ${name}`];
    // Each benchmark has options of its own.
    if (name === "benchmark")
      return words[0] && !existsSync(join(root, `benchmarks/src/${words[0]}.ts`)) ? [`no benchmark ${words[0]}`] : [];
    const isGroup = command.commands.length > 0 && words[0] !== undefined && /^[a-z]+$/.test(words[0]);
    const subcommand = isGroup ? command.commands.find((candidate) => candidate.name() === words[0]) : command;
    if (!subcommand) return [`${name} has no subcommand ${words[0]}`];
    const flags = words.flatMap((word) => /^\[?(--?[a-z][a-z-]*)/.exec(word)?.[1] ?? []);
    return flags
      .filter((flag) => flag !== "--help" && !flagsOf(subcommand).includes(flag))
      .map((flag) => `${written}: no option ${flag}`);
  }

  test("and their options exist as written", () => {
    const problems = wrong(({ text }) =>
      // Up to a comment, a pipe, the end of the code, or the end of a sentence that is not code.
      [...text.matchAll(/\.\/nocp ([^`\n#|<>;:"'(),]*)/g)].flatMap(([, written]) => problemOf(written ?? "")),
    );
    expect(problems).toEqual([]);
  });

  test("that do not exist are noticed", () => {
    expect(problemOf("pubish request.json")).toEqual(["there is no command pubish"]);
    expect(problemOf("session lst")).toEqual(["session has no subcommand lst"]);
    expect(problemOf("up --replica act=2")).toEqual(["up --replica act=2: no option --replica"]);
    expect(problemOf("benchmark pipelines")).toEqual(["no benchmark pipelines"]);
    expect(problemOf("up --replicas act=2")).toEqual([]);
  });
});

test("no page uses words that only this project's authors would know", () => {
  const privateWords = /\b(?:calculus|patience|mend(?:s|ed)?|students?)\b/gi;
  expect(wrong((page) => [...page.prose.replaceAll(/`[^`\n]*`/g, "").matchAll(privateWords)].map(([word]) => word))).toEqual([]);
});
