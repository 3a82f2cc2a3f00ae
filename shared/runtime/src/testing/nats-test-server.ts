// A real nats-server for tests: on a free port, in a folder of its own, to be stopped, killed and started again.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processEnvironment } from "../config/process-environment.ts";

export interface NatsTestServer {
  readonly url: string;
  /** The process dies without a word, its files stay. */
  kill(): Promise<void>;
  /** The process stalls: connections stay open and nothing is answered, until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Starts again on the same port and files. */
  restart(): Promise<void>;
  /** Ends it and deletes its files. */
  stop(): Promise<void>;
}

const startTimeoutMs = 60_000;

/** What streams may reserve together: the server's own default is a share of the free disk, and a test needs little of it. */
const settings = "jetstream: { max_file_store: 256GB }\n";

/** Where the project's set-up puts a server that the machine lacks; see `./nocp setup`. */
const ownBinary = join(import.meta.dirname, "../../../../.nocp/bin/nats-server");

/**
 * The server of NATS_SERVER_BIN, the project's own copy, or the one on PATH.
 * @param flags more of its command line, e.g. `--user bob --pass secret`.
 */
export async function startNatsTestServer(flags: readonly string[] = []): Promise<NatsTestServer> {
  const program = processEnvironment().NATS_SERVER_BIN || (existsSync(ownBinary) ? ownBinary : "nats-server");
  const folder = await mkdtemp(join(tmpdir(), "nocp-nats-"));
  const settingsFile = join(folder, "server.conf");
  await writeFile(settingsFile, settings);
  const configured = flags.includes("-c") ? flags : ["-c", settingsFile, ...flags];
  let child: ChildProcess | undefined;
  /** @param port -1 for one that the server chooses: one that was looked for before may be another test's by then. */
  const start = async (port: number): Promise<number> => {
    const ports = ["--ports_file_dir", folder];
    child = spawn(program, ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", folder, ...ports, ...configured], {
      stdio: "ignore",
    });
    return untilListening(child, folder);
  };
  const end = async (signal: NodeJS.Signals) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  const port = await start(-1);
  return {
    url: `nats://127.0.0.1:${port}`,
    kill: () => end("SIGKILL"),
    pause: async () => void child?.kill("SIGSTOP"),
    resume: async () => void child?.kill("SIGCONT"),
    restart: async () => {
      await end("SIGTERM");
      await start(port);
    },
    stop: async () => {
      // Its files go with it: there is nothing to end in order.
      await end("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Waits for the file of ports, which the server writes when it listens.
 * @returns the port of clients.
 */
async function untilListening(child: ChildProcess, folder: string): Promise<number> {
  const giveUpAt = performance.now() + startTimeoutMs;
  let failure: Error | undefined;
  child.once("error", (error) => {
    failure = error;
  });
  for (;;) {
    if (failure) throw failure;
    if (child.exitCode !== null) throw new Error(`nats-server ended with exit code ${child.exitCode}`);
    const port = await portIn(folder, child.pid);
    if (port !== undefined) return port;
    if (performance.now() > giveUpAt) throw new Error("nats-server does not listen");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** @returns undefined while the file is not there, or not written to its end. */
async function portIn(folder: string, pid: number | undefined): Promise<number | undefined> {
  const files = await readdir(folder);
  const file = files.find((name) => name.endsWith(`_${pid}.ports`));
  if (file === undefined) return undefined;
  try {
    const { nats } = JSON.parse(await readFile(join(folder, file), "utf8")) as { nats: readonly string[] };
    return Number(new URL(nats[0] ?? "").port);
  } catch {
    return undefined;
  }
}
