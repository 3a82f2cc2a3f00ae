// The script ./nocp on a project of its own, with a make-believe npm: no network, no packages.
import { spawn } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findOnPath } from "@nocp/cli/setup/machine.ts";
import { createRunTool } from "@nocp/cli/setup/run-tool.ts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeExecutable } from "../fixtures/cli-executable.ts";

const projectScript = join(import.meta.dirname, "..", "..", "nocp");
const packagesFolder = join("cli", "src", "setup", "packages");
const firstRun = ["own ci", "pinned ci"];
const systemTools = [
  "bash",
  "sh",
  "cat",
  "cksum",
  "uname",
  "mkdir",
  "rm",
  "mv",
  "sleep",
  "grep",
  "dirname",
  "readlink",
  "env",
  "touch",
  "cp",
  "ln",
];

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "nocp-cli-"));
  path = join(root, "path");
  mkdirSync(join(root, "cli", "src"), { recursive: true });
  copyFileSync(projectScript, join(root, "nocp"));
  writeManifests();
  cpSync(join(dirname(projectScript), packagesFolder), join(root, packagesFolder), { recursive: true });
  writeFileSync(join(root, "cli", "src", "main.ts"), "");
  mkdirSync(path);
  for (const tool of systemTools) symlinkSync(findOnPath(tool, process.env) ?? tool, join(path, tool));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const pinnedVersion = "24.9.0";
const machine = { os: process.platform, cpu: process.arch };
const ownVersion = (version: string) => `[ "$1" = --version ] && echo ${version}`;

/** package.json and package-lock.json that name a Node for this machine, and an npm. */
function writeManifests(packages: Readonly<Record<string, object>> = {}) {
  const bin = { node: "bin/node" };
  const pinned = { "node_modules/node-test": { version: pinnedVersion, integrity: "sha512-node", bin, ...machine } };
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: { ...pinned, ...packages } }));
  writeFileSync(join(root, "package.json"), JSON.stringify({ packageManager: `npm@11.0.0+sha512.${"0f".repeat(64)}` }));
}

/**
 * An npm that counts its runs. In the project of the pinned Node it installs that Node, which runs npm for what it is and
 * prints whatever else it is asked to run.
 * @param options.fetch what the machine's npm does first. @param options.install what the pinned npm does first.
 */
function installNpm(options: { readonly fetch?: string; readonly install?: string; readonly own?: string } = {}) {
  writeExecutable(path, "node", `${ownVersion(options.own ?? "v20.0.0")} || exec ${process.execPath} "$@"`);
  const pinned = `case "$1" in
  --version) echo v${pinnedVersion};;
  */npm-cli.js) echo "pinned $2" >> ${root}/npm.log
    ${options.install ?? ""}
    mkdir -p ${root}/node_modules/.bin ${root}/node_modules/node-test && echo '{"version":"${pinnedVersion}"}' > ${root}/node_modules/node-test/package.json && cp ${root}/pinned/node ${root}/node_modules/.bin/node;;
  *.mjs) exec ${process.execPath} "$@";;
  *) shift 2; echo "ran $*";;
esac`;
  writeExecutable(join(root, "pinned"), "node", pinned);
  const bringNode = "mkdir -p node_modules/node-test/bin && cp ../../pinned/node node_modules/node-test/bin/node";
  writeExecutable(
    path,
    "npm",
    `echo "own $1" >> ${root}/npm.log
${options.fetch ?? ""}
case "$PWD" in */.nocp/toolchain) ${bringNode};; *) mkdir -p node_modules/.bin;; esac`,
  );
}

const nocp = (args: readonly string[] = [], script = join(root, "nocp")) =>
  createRunTool({ PATH: path, HOME: root })("/bin/bash", [script, ...args], { folder: tmpdir() });

const npmRuns = () => (existsSync(join(root, "npm.log")) ? readFileSync(join(root, "npm.log"), "utf8").trim().split("\n") : []);

it("installs the packages once, then hands its arguments to the pinned Node", async () => {
  installNpm();
  expect(await nocp(["publish", "a b"])).toMatchObject({ exitCode: 0, stdout: "ran publish a b\n" });
  expect(await nocp(["--help"])).toMatchObject({ exitCode: 0, stdout: "ran --help\n", stderr: "" });
  expect(npmRuns()).toEqual(firstRun);
});

it("installs again when the lockfile has changed, but not when npm itself brought the packages in line", async () => {
  installNpm();
  await nocp();
  const later = (file: string, seconds: number) =>
    utimesSync(join(root, file), Date.now() / 1000 + seconds, Date.now() / 1000 + seconds);
  writeManifests({ other: { version: "1.0.0" } });
  later("package-lock.json", 10);
  writeFileSync(join(root, "node_modules", ".package-lock.json"), "{}");
  later("node_modules/.package-lock.json", 20);
  await nocp();
  expect(npmRuns()).toEqual(firstRun);
  writeManifests({ other: { version: "2.0.0" } });
  later("package-lock.json", 30);
  await nocp();
  expect(npmRuns()).toEqual([...firstRun, ...firstRun]);
});

it("works through a symbolic link, from any folder", async () => {
  installNpm();
  symlinkSync("nocp", join(root, "link"));
  symlinkSync(join(root, "link"), join(path, "nocp-link"));
  expect(await nocp(["x"], join(path, "nocp-link"))).toMatchObject({ exitCode: 0, stdout: "ran x\n" });
});

it("lets two first runs at once install only once", async () => {
  installNpm({ install: "sleep 1" });
  const outcomes = await Promise.all([nocp(["one"]), nocp(["two"]), nocp(["three"])]);
  expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(npmRuns()).toEqual(firstRun);
  expect(existsSync(join(root, ".nocp", "setup.lock"))).toBe(false);
});

it("takes over the lock of a run that was killed", async () => {
  installNpm();
  mkdirSync(join(root, ".nocp", "setup.lock"), { recursive: true });
  const gone = spawn("/bin/true");
  await new Promise((resolve) => gone.once("exit", resolve));
  writeFileSync(join(root, ".nocp", "setup.lock", "pid"), String(gone.pid));
  expect(await nocp(["x"])).toMatchObject({ exitCode: 0, stdout: "ran x\n" });
});

it.each([
  { what: "no Node", prepare: () => {}, exitCode: 3, says: /Node\.js is not installed/ },
  {
    what: "no npm",
    prepare: () => void writeExecutable(path, "node", "echo v20.0.0"),
    exitCode: 3,
    says: /npm is not installed/,
  },
  {
    what: "a Node that is too old",
    prepare: () => {
      installNpm();
      writeExecutable(path, "node", "echo v16.20.0");
    },
    exitCode: 3,
    says: /v16\.20\.0 is too old/,
  },
  {
    what: "no network",
    prepare: () => installNpm({ fetch: 'echo "npm error code ENOTFOUND" >&2; exit 1' }),
    exitCode: 3,
    says: /registry cannot be reached/,
  },
  {
    what: "a full disk",
    prepare: () => installNpm({ install: 'echo "npm error code ENOSPC" >&2; exit 1' }),
    exitCode: 1,
    says: /disk is full/,
  },
  {
    what: "a Node that is not the one of the lockfile",
    prepare: () => installNpm({ fetch: 'echo "npm error code EINTEGRITY" >&2; exit 1' }),
    exitCode: 1,
    says: /not the one that package-lock\.json or package\.json names/,
  },
  {
    what: "no build of Node for this machine",
    prepare: () => {
      installNpm();
      writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: {} }));
    },
    exitCode: 3,
    says: /there is no Node 24 for .* to fetch\. Install Node\.js 24 or newer/,
  },
  {
    what: "an npm that fails otherwise",
    prepare: () => installNpm({ install: "echo strange >&2; exit 1" }),
    exitCode: 1,
    says: /Read the end of .*setup\.log/,
  },
])("says in one line what to do about $what", async ({ prepare, exitCode, says }) => {
  prepare();
  const outcome = await nocp();
  const last = outcome.stderr.trim().split("\n").at(-1) ?? "";
  expect([outcome.exitCode, outcome.stdout]).toEqual([exitCode, ""]);
  expect(last).toMatch(says);
  expect(last).toMatch(/^nocp: .*\((MISSING_DEPENDENCY|UNEXPECTED)\)$/);
  expect(existsSync(join(root, ".nocp", "setup.lock"))).toBe(false);
});

it("asks npm for the Node and the npm that the manifests name, by their hashes", async () => {
  installNpm({ fetch: `cp package-lock.json ${root}/asked.json` });
  await nocp();
  expect(JSON.parse(readFileSync(join(root, "asked.json"), "utf8"))).toMatchObject({
    packages: {
      "node_modules/node-test": { version: pinnedVersion, integrity: "sha512-node" },
      "node_modules/npm": { version: "11.0.0", integrity: `sha512-${Buffer.alloc(64, 0x0f).toString("base64")}` },
    },
  });
});

it.each([
  {
    what: "there is no build for this machine",
    prepare: () => writeFileSync(join(root, "package-lock.json"), '{"packages":{}}'),
  },
  { what: "the build does not run here", prepare: () => void writeExecutable(join(root, "pinned"), "node", "exit 127") },
])("uses the machine's own Node where $what and that is new enough", async ({ prepare }) => {
  installNpm({ own: "v25.1.0" });
  prepare();
  writeFileSync(join(root, "cli", "src", "main.ts"), 'console.log("own", process.argv[2]);');
  expect(await nocp(["x"])).toMatchObject({ exitCode: 0, stdout: "own x\n" });
  expect(npmRuns().filter((run) => run.startsWith("pinned"))).toEqual([]);
});

it.each([
  { what: "a native package that an older Node's npm left out", entry: { version: "1.0.0", optional: true, ...machine } },
  { what: "a package that an npm only wrote down", entry: { version: "1.0.0" } },
])("installs again when there is no sign of $what", async ({ entry }) => {
  installNpm();
  await nocp();
  writeManifests({ "node_modules/left-out": entry });
  writeFileSync(join(root, "node_modules", ".package-lock.json"), "{}");
  utimesSync(join(root, "node_modules", ".package-lock.json"), Date.now() / 1000 + 10, Date.now() / 1000 + 10);
  await nocp();
  expect(npmRuns()).toEqual([...firstRun, ...firstRun]);
});
