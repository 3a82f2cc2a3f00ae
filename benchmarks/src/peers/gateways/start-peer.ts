// Starts another gateway as a process on a free port, and waits until it answers.
import { spawn } from "node:child_process";
import { freePort } from "@nocp/cli/deployment/free-port.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { pause } from "@nocp/contracts/retry.ts";

export interface PeerProgram {
  readonly name: string;
  readonly program: string;
  readonly args: (port: number) => readonly string[];
  /** What is answered when it is ready, below its address. */
  readonly readyPath: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Peer {
  readonly url: string;
  readonly processId: number;
  stop(): Promise<void>;
}

const startTimeoutMs = 180_000;
const lookAgainMs = 200;
/** Characters of what the process wrote last. */
const longestExcuse = 2_000;
/** What it may take to end in order. */
const stopTimeoutMs = 5_000;

/** @throws NocpError MISSING_DEPENDENCY with what it wrote last, when it ends or does not answer. */
export async function startPeer({ name, program, args, readyPath, folder, environment }: PeerProgram): Promise<Peer> {
  const port = await freePort();
  // A group of its own: its workers end with it.
  const child = spawn(program, args(port), { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let said = "";
  for (const output of [child.stdout, child.stderr])
    output.on("data", (text: Buffer) => {
      said = `${said}${text}`.slice(-longestExcuse);
    });
  let ended = false;
  const exited = new Promise<void>((resolve) => {
    for (const event of ["exit", "error"] as const)
      child.once(event, (reason) => {
        ended = true;
        if (reason instanceof Error) said += reason.message;
        resolve();
      });
  });
  const signal = (kind: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, kind);
    } catch {
      // Nobody of it is left.
    }
  };
  const stop = async (): Promise<void> => {
    signal("SIGTERM");
    await Promise.race([exited, pause(stopTimeoutMs)]);
    signal("SIGKILL");
  };
  const url = `http://127.0.0.1:${port}`;
  const giveUpAt = performance.now() + startTimeoutMs;
  while (!(await answers(`${url}${readyPath}`))) {
    if (ended || performance.now() > giveUpAt) {
      await stop();
      const advice = "Delete its folder in .nocp/peers, so that it is installed anew";
      throw new NocpError("MISSING_DEPENDENCY", `${name} does not start: ${said.trim()}`, { advice });
    }
    await pause(lookAgainMs);
  }
  return { url, processId: child.pid ?? 0, stop };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
