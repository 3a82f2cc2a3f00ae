import { describe, expect, test } from "vitest";
import { contractOf, pluginFolders } from "./file-rules.ts";
import { readSourceFiles, readTestFiles, type SourceFile, sourceFolders } from "./source-file.ts";

/** A suite covers a folder when it lists it: the folder's path stands in the suite, or the loader's that is given it. */
const covers = (suite: Pick<SourceFile, "text">, folder: string): boolean =>
  suite.text.includes(folder) || suite.text.includes(folder.replace(/^(?:services\/|shared\/)?([^/]+)\/src\//, "@nocp/$1/"));

/** @returns the plugins over which no suite runs. */
const uncovered = (folders: ReadonlyMap<string, readonly string[]>, suites: readonly Pick<SourceFile, "text">[]): string[] =>
  [...folders].flatMap(([folder, plugins]) => (suites.some((suite) => covers(suite, folder)) ? [] : plugins));

describe("folders of plugins are known by the contract beside them", () => {
  test("the contract's name is the singular", () => {
    expect(contractOf("services/assess/src/compression-strategies")).toBe("services/assess/src/compression-strategy.ts");
    expect(contractOf("services/act/src/tools")).toBe("services/act/src/tool.ts");
  });
  test("a plugin may be a folder, whose file of the contract's name is the plugin", () => {
    const paths = ["vendor.ts", "vendors/a/vendor.ts", "vendors/a/request.ts", "vendors/b/vendor.ts"];
    const folders = pluginFolders(paths.map((path) => `shared/models/src/${path}`));
    const found = ["a", "b"].map((name) => `shared/models/src/vendors/${name}/vendor.ts`);
    expect([...folders]).toEqual([["shared/models/src/vendors", found]]);
  });
  test("a folder without a contract, or with a name of its own, is none", () => {
    const folders = pluginFolders([
      "services/act/src/tool.ts",
      "services/act/src/tools/a.ts",
      "services/act/src/tools/b.ts",
      "services/act/src/files/c.ts",
      "services/act/src/network/d.ts",
      "cli/src/command.ts",
      "cli/src/commands/e.ts",
    ]);
    expect([...folders]).toEqual([["services/act/src/tools", ["services/act/src/tools/a.ts", "services/act/src/tools/b.ts"]]]);
  });
});

describe("every plugin has its conformance suite", () => {
  const folders = pluginFolders(readSourceFiles(sourceFolders).map(({ path }) => path));
  test("a folder that no suite lists is found, with every plugin in it", () => {
    const example = new Map([["services/act/src/tools", ["services/act/src/tools/a.ts"]]]);
    expect(uncovered(example, [{ text: "runs over services/act/src/providers" }])).toEqual(["services/act/src/tools/a.ts"]);
    expect(uncovered(example, [{ text: 'new URL("../../services/act/src/tools", import.meta.url)' }])).toEqual([]);
  });
  test("the kinds of plugin of the design are all there", () => {
    expect([...folders.keys()]).toEqual(
      expect.arrayContaining([
        "services/act/src/tools",
        "services/assess/src/compression-strategies",
        "services/llm-router/src/routing-strategies",
        "shared/models/src/vendors",
      ]),
    );
    expect([...folders.keys()].some((folder) => folder.endsWith("/formats"))).toBe(true);
  });
  test("no plugin of the project is without", () => {
    expect(uncovered(folders, readTestFiles())).toEqual([]);
  });
});
