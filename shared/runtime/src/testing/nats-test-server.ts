// A real nats-server for tests: on a free port, in a folder of its own, to be stopped, killed and started again.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
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

/** Where the project's set-up puts a server that the machine lacks; see `./nocp setup`. */
const ownBinary = join(import.meta.dirname, "../../../../.nocp/bin/nats-server");

/**
 * The server of NATS_SERVER_BIN, the project's own copy, or the one on PATH.
 * @param flags more of its command line, e.g. `--user bob --pass secret`.
 */
export async function startNatsTestServer(flags: readonly string[] = []): Promise<NatsTestServer> {
  const program = processEnvironment().NATS_SERVER_BIN || (existsSync(ownBinary) ? ownBinary : "nats-server");
  const folder = await mkdtemp(join(tmpdir(), "nocp-nats-"));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn(program, ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", folder, ...flags], { stdio: "ignore" });
    const failed = once(child, "error").then(([error]) => {
      throw error;
    });
    await Promise.race([untilListening(port), failed]);
  };
  const end = async (signal: NodeJS.Signals) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    kill: () => end("SIGKILL"),
    pause: async () => void child?.kill("SIGSTOP"),
    resume: async () => void child?.kill("SIGCONT"),
    restart: async () => {
      await end("SIGTERM");
      await start();
    },
    stop: async () => {
      await end("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

async function untilListening(port: number): Promise<void> {
  const giveUpAt = Date.now() + startTimeoutMs;
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      socket.destroy();
    }
  }
}
