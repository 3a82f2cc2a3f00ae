// .nocp/run.json: what `./nocp up` is running, so that other commands find it without settings.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const processStateSchema = z.object({ name: z.string(), pid: z.int().nullable(), httpUrl: z.string().nullable() });

const runStateSchema = z.object({
  /** Of `./nocp up` itself. */
  pid: z.int(),
  startedAt: z.iso.datetime(),
  natsUrl: z.string(),
  /** Where the HTTP API is. */
  gatewayUrls: z.array(z.string()).optional(),
  processes: z.array(processStateSchema),
});
export type RunState = z.infer<typeof runStateSchema>;

const fileOf = (dataFolder: string): string => join(dataFolder, "run.json");

/** What was written last, whether or not it still runs; `undefined` when there is nothing, or it cannot be read. */
export function readRunState(dataFolder: string): RunState | undefined {
  try {
    return runStateSchema.parse(JSON.parse(readFileSync(fileOf(dataFolder), "utf8")));
  } catch {
    return undefined;
  }
}

/** The running instance, if there is one. */
export function findRunning(dataFolder: string): RunState | undefined {
  const state = readRunState(dataFolder);
  return state && isAlive(state.pid) ? state : undefined;
}

/** Written beside and moved, so that a reader never sees half a file; for the user alone, as the address may hold a password. */
export function writeRunState(dataFolder: string, state: RunState): void {
  const partial = `${fileOf(dataFolder)}.${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(partial, fileOf(dataFolder));
}

export const removeRunState = (dataFolder: string): void => rmSync(fileOf(dataFolder), { force: true });

/** Whether a process of this id runs, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Ended, but its parent has not noticed, as in containers whose first process reaps nothing. Only Linux says so. */
function isZombie(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && /^\d+ \(.*\) Z/s.test(readFileSync(file, "utf8"));
}
