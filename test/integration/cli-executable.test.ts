// The script ./nocp on a project of its own, with a make-believe npm: no network, no packages.
import { spawn } from "node:child_process";
import {
  copyFileSync,
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
import { join } from "node:path";
import { findOnPath } from "@nocp/cli/setup/machine.ts";
import { createRunTool } from "@nocp/cli/setup/run-tool.ts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeExecutable } from "../fixtures/cli-executable.ts";

const projectScript = join(import.meta.dirname, "..", "..", "nocp");
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
  writeFileSync(join(root, "package-lock.json"), "{}");
  writeFileSync(join(root, "cli", "src", "main.ts"), "");
  mkdirSync(path);
  for (const tool of systemTools) symlinkSync(findOnPath(tool, process.env) ?? tool, join(path, tool));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** An npm that counts its runs and brings a Node that prints what it is asked to run. */
function installNpm(body = "") {
  writeExecutable(path, "node", 'echo "v20.0.0"');
  const pinned = 'if [ "$1" = --version ]; then echo v24.9.0; else shift 2; echo "ran $*"; fi';
  writeExecutable(join(root, "pinned"), "node", pinned);
  writeExecutable(
    path,
    "npm",
    `echo "$1" >> ${root}/npm.log\n${body}\nmkdir -p ${root}/node_modules/node/bin && cp ${root}/pinned/node ${root}/node_modules/node/bin/node`,
  );
}

const nocp = (args: readonly string[] = [], script = join(root, "nocp")) =>
  createRunTool({ PATH: path, HOME: root })("/bin/bash", [script, ...args], { folder: tmpdir() });

const npmRuns = () => (existsSync(join(root, "npm.log")) ? readFileSync(join(root, "npm.log"), "utf8").trim().split("\n") : []);

it("installs the packages once, then hands its arguments to the pinned Node", async () => {
  installNpm();
  expect(await nocp(["publish", "a b"])).toMatchObject({ exitCode: 0, stdout: "ran publish a b\n" });
  expect(await nocp(["--help"])).toMatchObject({ exitCode: 0, stdout: "ran --help\n", stderr: "" });
  expect(npmRuns()).toEqual(["ci"]);
});

it("installs again when the lockfile has changed, but not when npm itself brought the packages in line", async () => {
  installNpm();
  await nocp();
  const later = (file: string, seconds: number) =>
    utimesSync(join(root, file), Date.now() / 1000 + seconds, Date.now() / 1000 + seconds);
  writeFileSync(join(root, "package-lock.json"), '{"changed":1}');
  later("package-lock.json", 10);
  writeFileSync(join(root, "node_modules", ".package-lock.json"), "{}");
  later("node_modules/.package-lock.json", 20);
  await nocp();
  expect(npmRuns()).toEqual(["ci"]);
  writeFileSync(join(root, "package-lock.json"), '{"changed":2}');
  later("package-lock.json", 30);
  await nocp();
  expect(npmRuns()).toEqual(["ci", "ci"]);
});

it("works through a symbolic link, from any folder", async () => {
  installNpm();
  symlinkSync("nocp", join(root, "link"));
  symlinkSync(join(root, "link"), join(path, "nocp-link"));
  expect(await nocp(["x"], join(path, "nocp-link"))).toMatchObject({ exitCode: 0, stdout: "ran x\n" });
});

it("lets two first runs at once install only once", async () => {
  installNpm("sleep 1");
  const outcomes = await Promise.all([nocp(["one"]), nocp(["two"]), nocp(["three"])]);
  expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(npmRuns()).toEqual(["ci"]);
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
    prepare: () => installNpm('echo "npm error code ENOTFOUND" >&2; exit 1'),
    exitCode: 3,
    says: /registry cannot be reached/,
  },
  {
    what: "a full disk",
    prepare: () => installNpm('echo "npm error code ENOSPC" >&2; exit 1'),
    exitCode: 1,
    says: /disk is full/,
  },
  {
    what: "an npm that fails otherwise",
    prepare: () => installNpm("echo strange >&2; exit 1"),
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

it("fetches Node by name where npm does not run install scripts", async () => {
  const package_ = `node${process.platform === "darwin" && process.arch === "arm64" ? "-bin" : ""}-${process.platform}-${process.arch}`;
  installNpm(
    `if [ "$1" = install ]; then mkdir -p ${root}/.nocp/node/node_modules/${package_}/bin; cp ${root}/pinned/node ${root}/.nocp/node/node_modules/${package_}/bin/node; fi
if [ "$1" = ci ]; then mkdir -p ${root}/node_modules/node; echo '{"version":"24.9.0"}' > ${root}/node_modules/node/package.json; fi; exit 0`,
  );
  writeExecutable(path, "node", `case "$1" in --version) echo v20.0.0;; *) exec ${process.execPath} "$@";; esac`);
  expect(await nocp(["x"])).toMatchObject({ exitCode: 0, stdout: "ran x\n" });
  expect(npmRuns()).toEqual(["ci", "rebuild", "install"]);
});
