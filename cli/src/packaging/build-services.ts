// Builds the services into JavaScript files that start in half the time of a thousand modules.
import { existsSync } from "node:fs";
import { cp, glob } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type OutputChunk, rolldown } from "rolldown";
import { builtNameOf, keepOwnFiles } from "./own-files-plugin.ts";

/** Read from the disk by their paths, or loaded by the few that need them. */
const packagesBeside = ["yaml", "swagger-ui-dist", "@vscode/tree-sitter-wasm"];

/**
 * Writes every service, and every job of the image, at the place that its source has in the project:
 * `<folder>/services/act/src/main.js`. Packages are built in, except those that are read from the disk: the folder must
 * be below one whose `node_modules` has them.
 * @param root of the project.
 * @throws Error where a module cannot be found, or would be looked for among the sources.
 */
export async function buildServices(root: string, folder: string): Promise<void> {
  const bundle = await rolldown({
    input: await entriesOf(root),
    cwd: root,
    platform: "node",
    external: (id) => packagesBeside.some((name) => id === name || id.startsWith(`${name}/`)),
    checks: { pluginTimings: false },
    plugins: [keepOwnFiles(root)],
    onLog: (level, { message }) => {
      if (level === "warn") throw new Error(message);
    },
  });
  try {
    // As they were written: a stack trace names functions, and the comment above each module tells its file.
    const { output } = await bundle.write({
      dir: folder,
      chunkFileNames: "chunks/[name]-[hash].js",
      entryFileNames: "[name].js",
    });
    requireWhole(output.filter((file) => file.type === "chunk"));
  } finally {
    await bundle.close();
  }
  await copyOtherFiles(root, folder);
}

async function entriesOf(root: string): Promise<Record<string, string>> {
  const files = await Array.fromAsync(glob(["services/*/src/main.ts", "deploy/jobs/*.ts"], { cwd: root }));
  return Object.fromEntries(files.map((file) => [builtNameOf(file).replace(/\.js$/, ""), join(root, file)]));
}

/** Whatever still names a package of ours would be loaded a second time, from its sources. */
function requireWhole(chunks: readonly OutputChunk[]): void {
  for (const { fileName, code } of chunks) {
    const [missed] = /\b(?:import|import |import\(|from )["'`]@nocp\/[^"'`\n]{1,200}/.exec(code) ?? [];
    if (missed !== undefined) throw new Error(`${fileName} is built with a module left out: ${missed}`);
  }
}

/** What modules read from the folder that they are in, such as a page. */
async function copyOtherFiles(root: string, folder: string): Promise<void> {
  for await (const entry of glob("services/*/src/**/*", { cwd: root, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !path.endsWith(".ts")) await cp(path, join(folder, path.slice(root.length + 1)));
  }
}

/** Whether a service that is built into `folder` finds the packages that are not built in. */
export function findsPackages(folder: string): boolean {
  const { resolve } = createRequire(join(folder, "main.js"));
  return packagesBeside.every((name) => {
    try {
      return existsSync(resolve(`${name}/package.json`));
    } catch {
      return false;
    }
  });
}
