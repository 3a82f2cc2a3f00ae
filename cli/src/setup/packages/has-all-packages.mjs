// Exits with 0 when the packages that package-lock.json names are installed, in those versions. An npm that ran under an
// older Node leaves out native packages that do not support it, and `npm install --package-lock-only` installs nothing.
import { readFileSync } from "node:fs";

const root = process.argv[2];
process.report.excludeNetwork = true;
const libc = process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl";
const readJson = (path) => JSON.parse(readFileSync(`${root}/${path}`, "utf8"));

/** A package that names no platforms is for all of them. */
const includes = (platforms, platform) => platforms === undefined || [platforms].flat().includes(platform);

/** Of optional packages, those count that are builds for this machine. */
const isExpected = ([path, { os, cpu, libc: libraries, optional, link }]) =>
  path.startsWith("node_modules/") &&
  !link &&
  (!optional || (os ?? cpu) !== undefined) &&
  includes(os, process.platform) &&
  includes(cpu, process.arch) &&
  includes(libraries, libc);

function installedVersion(path) {
  try {
    return readJson(`${path}/package.json`).version;
  } catch {
    return undefined;
  }
}

const expected = Object.entries(readJson("package-lock.json").packages).filter(isExpected);
process.exitCode = expected.every(([path, { version }]) => installedVersion(path) === version) ? 0 : 1;
