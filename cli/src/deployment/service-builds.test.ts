import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { builtEntries, sourceEntries } from "./service-builds.ts";

const run = promisify(execFile);
const projectRoot = join(import.meta.dirname, "../../..");
let root: string;

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

/** A project in small: plugins in both kinds of folders, a worker, a page, and a service that hosts others. */
beforeAll(() => {
  // As a user's folder may be called.
  root = mkdtempSync(join(tmpdir(), "nocp-builds Größe 名-"));
  symlinkSync(join(projectRoot, "node_modules"), join(root, "node_modules"));
  write("package.json", '{ "type": "module" }');
  write("package-lock.json", "{}");
  write("deploy/jobs/provision.ts", "export const job: string = 'provision';");
  write("cli/src/packaging/build.ts", "");
  write("shared/text/src/shared-state.ts", "export const seen: string[] = [];");
  const folderOf = (name: string) => `fileURLToPath(new URL("${name}", import.meta.url))`;
  write(
    "services/act/src/main.ts",
    `import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seen } from "../../../shared/text/src/shared-state.ts";
const isPlugin = (value: unknown): value is string => typeof value === "string";
const { loadPlugins, loadPluginFolders } = await import(${JSON.stringify(pathToFileURL(join(projectRoot, "shared/contracts/src/plugins/load-plugins.ts")).href)});
export const names = (await loadPlugins(${folderOf("./tools")}, isPlugin, "tool")).map(({ plugin }: { plugin: string }) => plugin);
export const vendors = (await loadPluginFolders(${folderOf("./vendors")}, "vendor", isPlugin)).map(({ plugin }: { plugin: string }) => plugin);
export const worker = new URL("./workers/worker.ts", import.meta.url);
export const page = readFileSync(join(import.meta.dirname, "page.html"), "utf8");
export const stage = seen;`,
  );
  write("services/act/src/tools/first.ts", pluginOf("../../../../shared/text/src/shared-state.ts", "first"));
  write("services/act/src/tools/first.test.ts", "throw new Error('a test is no plugin');");
  write("services/act/src/vendors/own/vendor.ts", pluginOf("../../../../../shared/text/src/shared-state.ts", "own"));
  write("services/act/src/workers/worker.ts", "export const answer: number = 42;");
  write("services/act/src/page.html", "<p>");
  write(
    "services/chain/src/main.ts",
    `const name = "act";\nexport const stages = (await import(\`@nocp/\${name}/main.ts\`)).stage;`,
  );
});
beforeEach(() => rmSync(join(root, ".nocp"), { recursive: true, force: true }));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const pluginOf = (shared: string, name: string): string =>
  `import { seen } from "${shared}";\nseen.push("${name}");\nexport default "${name}" as string;`;

test("a built service finds its plugins, workers and files, and shares its modules with them", async () => {
  const entryOf = await builtEntries(root);
  const act = await import(pathToFileURL(entryOf("act")).href);
  expect(act).toMatchObject({ names: ["first"], vendors: ["own"], page: "<p>", stage: ["first", "own"] });
  expect(await import(act.worker.href)).toMatchObject({ answer: 42 });
  const chain = await import(pathToFileURL(entryOf("chain")).href);
  expect(chain.stages).toBe(act.stage);
});

test("what has not changed is built once, and anew when a source changes or comes", async () => {
  const first = (await builtEntries(root))("act");
  expect((await builtEntries(root))("act")).toBe(first);
  write("services/act/src/tools/second.ts", 'export default "second";');
  const second = (await builtEntries(root))("act");
  expect(second).not.toBe(first);
  expect(await import(pathToFileURL(second).href)).toMatchObject({ names: ["first", "second"] });
  rmSync(join(root, "services/act/src/tools/second.ts"));
  expect((await builtEntries(root))("act")).toBe(first);
});

test("a build is removed after the next one when those who started services from it are gone", async () => {
  const builds = join(root, ".nocp/services");
  const old = new Date(Date.now() - 3_600_000);
  for (const [name, user] of [
    ["used", process.pid],
    ["unused", 2 ** 30],
  ] as const) {
    write(`.nocp/services/${name}/users/${user}`, "");
    utimesSync(join(builds, name, "users"), old, old);
  }
  await builtEntries(root);
  expect(readdirSync(builds)).toContain("used");
  expect(readdirSync(builds)).not.toContain("unused");
});

test("a build is used where nothing can be written, not even that it is in use", async () => {
  const first = (await builtEntries(root))("act");
  const users = join(root, ".nocp/services", readdirSync(join(root, ".nocp/services"))[0] ?? "", "users");
  rmSync(users, { recursive: true });
  // Where the system lets not even root write.
  symlinkSync(process.platform === "darwin" ? "/System" : "/sys", users);
  expect((await builtEntries(root))("act")).toBe(first);
});

test("several that build at once in a fresh checkout have the same build, whole", async () => {
  const script = `const { builtEntries } = await import(${JSON.stringify(import.meta.resolve("./service-builds.ts"))});
    console.log((await builtEntries(${JSON.stringify(root)}))("act"))`;
  const build = () => run(process.execPath, ["--input-type=module", "--eval", script]);
  const entries = (await Promise.all([build(), build(), build()])).map(({ stdout }) => stdout.trim());
  expect(new Set(entries)).toEqual(new Set([(await builtEntries(root))("act")]));
  expect(readdirSync(join(root, ".nocp/services"))).toHaveLength(1);
  expect(await import(pathToFileURL(entries[0] ?? "").href)).toMatchObject({ names: ["first"], vendors: ["own"] });
});

test("where the packages are not found from the folder that .nocp links to, nothing is built", async () => {
  const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), "nocp-other-disk-")));
  symlinkSync(elsewhere, join(root, ".nocp"));
  await expect(builtEntries(root)).rejects.toThrow("not found from the project's folder");
  expect(existsSync(join(elsewhere, "services")) && readdirSync(join(elsewhere, "services"))).toEqual([]);
  rmSync(elsewhere, { recursive: true });
});

test("sources that cannot be built leave nothing behind", async () => {
  write("services/act/src/broken.ts", 'import "@nocp/nowhere/main.ts";');
  write("services/act/src/workers/worker.ts", 'import "../broken.ts";\nexport const answer: number = 42;');
  await expect(builtEntries(root)).rejects.toThrow("@nocp/nowhere");
  expect(readdirSync(join(root, ".nocp")).flatMap((name) => readdirSync(join(root, ".nocp", name)))).toEqual([]);
  expect(sourceEntries(root)("act")).toBe(join(root, "services/act/src/main.ts"));
});
