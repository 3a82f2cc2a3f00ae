// A folder of plugins is loaded by listing it: adding one never edits a list.
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { NocpError } from "../errors/nocp-error.ts";

export interface LoadedPlugin<T> {
  /** The file's name without its ending. */
  readonly fileName: string;
  readonly path: string;
  readonly plugin: T;
}

/**
 * Imports every `.ts`, `.mts`, `.js` and `.mjs` file of a folder (not of folders below it), in the order of names.
 * @param folder absolute path.
 * @param isPlugin the contract's check, on the default export.
 * @param kind names the contract in the error, e.g. `tool`.
 * @throws NocpError INVALID_PLUGIN when a file cannot be imported or its default export is not the contract.
 */
export async function loadPlugins<T>(
  folder: string,
  isPlugin: (value: unknown) => value is T,
  kind: string,
): Promise<LoadedPlugin<T>[]> {
  const paths = await pluginPaths(folder, kind);
  return Promise.all(paths.map((path) => loadPlugin(path, isPlugin, kind)));
}

/** The files of a folder that hold plugins, in the order of names. @throws NocpError INVALID_PLUGIN when it cannot be listed. */
export async function pluginPaths(folder: string, kind: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: Error) => {
    throw new NocpError("INVALID_PLUGIN", `cannot list the folder of ${kind}s ${folder}: ${error.message}`);
  });
  const files = names.filter((name) => /\.(ts|mts|js|mjs)$/.test(name) && !/\.(test|d)\.(ts|mts)$/.test(name)).sort();
  return files.map((name) => join(folder, name));
}

/**
 * Imports `<name>/<kind>.ts`, or `.js` where the code is built, of every folder in a folder, in the order of names: for plugins
 * that take more than one file.
 * @param kind names the file, and the contract in errors.
 * @throws NocpError INVALID_PLUGIN
 */
export async function loadPluginFolders<T>(
  folder: string,
  kind: string,
  isPlugin: (value: unknown) => value is T,
): Promise<LoadedPlugin<T>[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
    throw new NocpError("INVALID_PLUGIN", `cannot list the folder of ${kind}s ${folder}: ${error.message}`);
  });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(names.sort().map((name) => loadPlugin(moduleIn(join(folder, name), kind), isPlugin, kind)));
}

function moduleIn(folder: string, name: string): string {
  const built = join(folder, `${name}.js`);
  return existsSync(built) ? built : join(folder, `${name}.ts`);
}

/** @throws NocpError INVALID_PLUGIN. */
export async function loadPlugin<T>(
  path: string,
  isPlugin: (value: unknown) => value is T,
  kind: string,
): Promise<LoadedPlugin<T>> {
  const imported = await import(pathToFileURL(path).href).catch((error: Error) => {
    throw new NocpError("INVALID_PLUGIN", `cannot import the ${kind} ${path}: ${error.message}`, { cause: error });
  });
  const plugin: unknown = imported.default;
  if (!isPlugin(plugin)) throw new NocpError("INVALID_PLUGIN", `${path} does not export a ${kind} as its default`);
  return { fileName: basename(path).replace(/\.[^.]+$/, ""), path, plugin };
}
