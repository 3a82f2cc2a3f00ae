// Exits with 0 when every build for this machine that package-lock.json names is installed. An npm that ran under an older
// Node leaves out native packages which do not support that Node.
import { existsSync, readFileSync } from "node:fs";

const root = process.argv[2];
process.report.excludeNetwork = true;
const libc = process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl";
/** A package that names no platforms is for all of them. */
const includes = (platforms, platform) => platforms === undefined || [platforms].flat().includes(platform);

const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, "utf8"));
const isForThisMachine = ({ os, cpu, libc: libraries }) =>
  (os ?? cpu) !== undefined && includes(os, process.platform) && includes(cpu, process.arch) && includes(libraries, libc);
const missing = Object.keys(packages).filter((path) => isForThisMachine(packages[path]) && !existsSync(`${root}/${path}`));
process.exitCode = missing.length === 0 ? 0 : 1;
