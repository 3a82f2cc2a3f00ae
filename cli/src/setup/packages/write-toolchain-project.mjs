// Writes an npm project of two packages: the pinned Node for this machine and the pinned npm. Its lockfile has the hashes
// that package-lock.json and package.json state, so `npm ci` there refuses anything else.
// Runs on the machine's own Node (18 or newer), before any package is installed: plain JavaScript without packages.
// Prints the path of Node's executable in the project, or nothing when package-lock.json has no Node for this machine.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const [root, folder] = process.argv.slice(2);
const readJson = (name) => JSON.parse(readFileSync(`${root}/${name}`, "utf8"));

const pinnedNode = Object.entries(readJson("package-lock.json").packages).find(
  ([path, { os, cpu }]) => /^node_modules\/node-/.test(path) && os === process.platform && cpu === process.arch,
);

/** `packageManager` holds the hash in hexadecimal, as Corepack reads it; a lockfile holds it in base64. */
function pinnedNpm() {
  const { packageManager } = readJson("package.json");
  const [, version, hash] = /^npm@([\d.]+)\+sha512\.([0-9a-f]{128})$/.exec(packageManager) ?? [];
  if (!hash) throw new Error(`packageManager in package.json names no npm with its sha512: ${packageManager}`);
  return { version, integrity: `sha512-${Buffer.from(hash, "hex").toString("base64")}` };
}

if (pinnedNode) {
  const [path, { version, integrity, bin }] = pinnedNode;
  const packages = { [path]: { version, integrity }, "node_modules/npm": pinnedNpm() };
  const names = Object.entries(packages).map(([place, entry]) => [place.slice("node_modules/".length), entry.version]);
  const project = { private: true, dependencies: Object.fromEntries(names) };
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/package.json`, JSON.stringify(project));
  writeFileSync(`${folder}/package-lock.json`, JSON.stringify({ lockfileVersion: 3, packages: { "": project, ...packages } }));
  console.log(`${path}/${bin.node}`);
}
