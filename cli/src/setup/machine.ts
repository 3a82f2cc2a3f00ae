// What finding and fetching programs needs to know of the machine.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { RunTool } from "./run-tool.ts";

export interface Machine {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  /** `<root>/.nocp`. */
  readonly dataFolder: string;
  readonly run: RunTool;
  /** One line about each step, for --verbose. */
  readonly report: (line: string) => void;
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The program's path as PATH gives it. */
export function findOnPath(program: string, environment: Machine["environment"]): string | undefined {
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}
