// Starts one of the small servers of this folder as a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export interface SmallServer {
  readonly url: string;
  readonly processId: number;
  stop(): void;
}

/** @param name the file in this folder, without its ending. */
export async function startSmallServer(name: string, args: readonly string[] = []): Promise<SmallServer> {
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (!child.stdout) throw new Error(`${name} has no output`);
  const [line] = await once(child.stdout, "data");
  return { url: `http://127.0.0.1:${String(line).trim()}`, processId: child.pid ?? 0, stop: () => child.kill("SIGTERM") };
}
