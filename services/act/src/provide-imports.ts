// What a user's tools may import without installing it: NOCP's own copy of zod, wherever their folder is.
import { realpathSync } from "node:fs";
import { registerHooks } from "node:module";
import { sep } from "node:path";
import { pathToFileURL } from "node:url";

const provided = /^zod(?:\/|$)/;

/**
 * From now on, modules in the folder or below it that import zod and do not find one of their own get NOCP's.
 * A folder that is not there changes nothing.
 */
export function provideImports(folder: string): void {
  const base = urlOf(folder);
  registerHooks({
    resolve(specifier, context, nextResolve) {
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        if (base === undefined || !provided.test(specifier) || !context.parentURL?.startsWith(base)) throw error;
        return nextResolve(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
}

/** Modules are known by their real paths. */
function urlOf(folder: string): string | undefined {
  try {
    return pathToFileURL(realpathSync(folder) + sep).href;
  } catch {
    return undefined;
  }
}
