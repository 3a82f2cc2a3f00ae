import { describe, expect, test } from "vitest";
import type { Rule } from "./dependency-rules.ts";
import {
  compositionRootsAreShort,
  defaultExportsAreForPlugins,
  filesAreSmall,
  namesAreKebabCase,
  namesSayWhatIsInside,
  noBarrels,
  noConsole,
  noGlobalInstances,
  noSkippedOrFocusedTests,
  nothingIsLeftToDo,
  pluginFolders,
} from "./file-rules.ts";
import { readSourceFiles, readTestFiles, sourceFile, sourceFolders } from "./source-file.ts";

const sources = readSourceFiles(sourceFolders);
const tests = readTestFiles();
const both = [...sources, ...tests];
const projectPlugins = pluginFolders(sources.map(({ path }) => path));
const examplePlugins = new Map([["services/act/src/tools", ["services/act/src/tools/a.ts"]]]);

/** Words that the rules forbid, put together here so that this file does not break them. */
const left = ["TO", "DO"].join("");
const skip = ["test", "skip"].join(".");
const only = ["describe", "only"].join(".");

const rules: readonly {
  readonly name: string;
  readonly rule: Rule;
  readonly project?: Rule;
  readonly files: readonly ReturnType<typeof sourceFile>[];
  readonly bad: readonly (readonly [path: string, text: string])[];
  readonly good: readonly (readonly [path: string, text: string])[];
}[] = [
  {
    name: "names say what is inside",
    rule: namesSayWhatIsInside,
    files: both,
    bad: [
      ["shared/text/src/utils/a.ts", ""],
      ["cli/src/string-helpers.ts", ""],
      ["shared/text/src/lib.ts", ""],
      ["services/act/src/tool-manager.ts", ""],
    ],
    good: [
      ["shared/text/src/calibrate.ts", ""],
      ["services/act/src/commonality.ts", ""],
    ],
  },
  {
    name: "files are named in kebab-case",
    rule: namesAreKebabCase,
    files: both,
    bad: [
      ["shared/text/src/loadConfig.ts", ""],
      ["shared/text/src/Load.ts", ""],
      ["shared/text/src/load_config.ts", ""],
    ],
    good: [
      ["shared/text/src/load-config.ts", ""],
      ["test/unit/a-b.test.ts", ""],
    ],
  },
  {
    name: "there are no barrels",
    rule: noBarrels,
    files: sources,
    bad: [["shared/text/src/contracts/index.ts", ""]],
    good: [["services/assess/src/inverted-index.ts", ""]],
  },
  {
    name: "default exports are for plugins, and every plugin has one",
    rule: defaultExportsAreForPlugins(examplePlugins),
    project: defaultExportsAreForPlugins(projectPlugins),
    files: sources,
    bad: [
      ["services/act/src/handle.ts", "export default 1;"],
      ["services/act/src/handle.ts", "const a = 1; export { a as default };"],
      ["services/act/src/tools/a.ts", "export const a = 1;"],
    ],
    good: [
      ["services/act/src/tools/a.ts", "export default { name: 1 };"],
      ["services/act/src/a.ts", "// export default\n"],
    ],
  },
  {
    name: "composition roots are under 60 lines",
    rule: compositionRootsAreShort,
    files: sources,
    bad: [["services/act/src/main.ts", "wire();\n".repeat(60)]],
    good: [["services/act/src/main.ts", "wire();\n".repeat(59)]],
  },
  {
    name: "no file is over 400 lines",
    rule: filesAreSmall,
    files: both,
    bad: [["shared/text/src/a.ts", "a();\n".repeat(401)]],
    good: [["shared/text/src/a.ts", "a();\n".repeat(400)]],
  },
  {
    name: "nothing changeable lives as long as the process",
    rule: noGlobalInstances,
    files: sources,
    bad: [
      ["shared/text/src/a.ts", "class A { static getInstance() {} }"],
      ["shared/text/src/a.ts", "class A { static count = 0; }"],
      ["shared/text/src/a.ts", "class A { static #known: Map<string, A>; }"],
      ["shared/text/src/a.ts", "let connection;"],
      ["shared/text/src/a.ts", "export let connection = 1;"],
    ],
    good: [["shared/text/src/a.ts", "class A { static readonly limit = 1; static of() { let a = 1; return a; } }"]],
  },
  {
    name: "services and shared log instead of writing to the console",
    rule: noConsole,
    files: sources,
    bad: [
      ["services/act/src/a.ts", "console.log(1);"],
      ["shared/text/src/a.ts", "console\n  .error(1);"],
    ],
    good: [
      ["cli/src/a.ts", "console.log(1);"],
      ["shared/text/src/a.ts", "// console.log(1)"],
    ],
  },
  {
    name: "no test is skipped, focused or left to be written",
    rule: noSkippedOrFocusedTests,
    files: tests,
    bad: [
      ["test/unit/a.test.ts", `${skip}("a", () => {});`],
      ["test/unit/a.test.ts", `${only}("a", () => {});`],
      ["test/unit/a.test.ts", 'xit("a");'],
    ],
    good: [["test/unit/a.test.ts", `test("${skip}", () => { iterator.only(); });`]],
  },
  {
    name: "nothing is left to do",
    rule: nothingIsLeftToDo,
    files: both,
    bad: [["shared/text/src/a.ts", `// ${left}: later`]],
    good: [["shared/text/src/a.ts", "// the method"]],
  },
];

describe.each(rules)("$name", ({ rule, project, files, bad, good }) => {
  test.each(bad)("a file %s with %j breaks it", (path, text) => {
    expect(rule(sourceFile(path, text))).toHaveLength(1);
  });
  test.each(good)("a file %s with %j does not", (path, text) => {
    expect(rule(sourceFile(path, text))).toEqual([]);
  });
  test("no file of the project breaks it", () => {
    expect(files.flatMap(project ?? rule)).toEqual([]);
  });
});
