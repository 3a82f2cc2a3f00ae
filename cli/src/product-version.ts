// The version of NOCP that runs.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** @param root folder of the project. */
export const productVersionOf = (root: string): string =>
  (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
