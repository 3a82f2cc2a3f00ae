// A nats-server of our own: JetStream on, data in a folder, brought back when it dies.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { accountsFile, adoptStreams, writeNatsAccounts } from "@nocp/runtime/accounts/server-files.ts";
import type { NatsServerProgram } from "../setup/nats-server/nats-server-source.ts";
import { probeNats } from "../setup/nats-server/probe-nats.ts";
import { type ProcessExit, type SupervisedProcess, superviseProcess } from "../supervisor/supervised-process.ts";
import { freePort } from "./free-port.ts";
import { natsConfigFile } from "./nats-config-file.ts";

export interface NatsServerOptions {
  readonly program: NatsServerProgram;
  /** Holds the configuration, the log and JetStream's files. */
  readonly folder: string;
  /** Accounts and users, as the server's configuration has them. */
  readonly accounts: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Taken when it is free; any free port otherwise. */
  readonly port?: number;
  readonly monitorPort?: number;
  /** Every message is on the disk before it is acknowledged; for servers that can. */
  readonly syncAlways?: boolean;
  readonly onLine?: (line: string) => void;
  readonly onDeath?: (exit: ProcessExit) => void;
  readonly onStart?: () => void;
}

export interface RunningNatsServer {
  readonly url: string;
  readonly process: SupervisedProcess;
  /** Resolves when it answers; rejects when it ends as soon as it starts. */
  untilReady(): Promise<void>;
}

const pollMs = 15;
const startTimeoutMs = 30_000;
/** Deaths in a row after which a start counts as failed. */
const hopelessDeaths = 3;
/** Inside the container. */
const containerPort = 4222;

export async function startNatsServer(options: NatsServerOptions): Promise<RunningNatsServer> {
  const port = await freePort(options.port);
  const files = {
    config: join(options.folder, "nats.conf"),
    store: join(options.folder, "jetstream"),
    log: join(options.folder, "nats.log"),
  };
  mkdirSync(files.store, { recursive: true });
  adoptStreams(files.store);
  writeNatsAccounts(options.folder, options.accounts);
  const inContainer = options.program.kind === "docker";
  const syncAlways = options.syncAlways ?? false;
  writeFileSync(
    files.config,
    natsConfigFile(
      inContainer
        ? { host: "0.0.0.0", port: containerPort, storeFolder: "/data/jetstream", accountsFile, syncAlways }
        : {
            host: "127.0.0.1",
            port,
            storeFolder: files.store,
            logFile: files.log,
            accountsFile,
            syncAlways,
            ...(options.monitorPort === undefined ? {} : { monitorPort: options.monitorPort }),
          },
    ),
  );
  let deaths = 0;
  let lastLine = "";
  const supervised = superviseProcess({
    name: "nats-server",
    ...commandOf(options.program, options.folder, files.config, port),
    folder: options.folder,
    environment: options.environment,
    stopTimeoutMs: 10_000,
    onLine: (line) => {
      lastLine = line;
      options.onLine?.(line);
    },
    onStart: () => options.onStart?.(),
    onDeath: (exit) => {
      deaths = exit.deaths;
      options.onDeath?.(exit);
    },
  });
  const failure = () =>
    deaths >= hopelessDeaths
      ? new NocpError("MISSING_DEPENDENCY", `nats-server ends as soon as it starts${lastLine === "" ? "" : `: ${lastLine}`}`, {
          advice: `Look at ${files.log}`,
        })
      : undefined;
  return { url: `nats://127.0.0.1:${port}`, process: supervised, untilReady: () => untilReady(port, failure) };
}

function commandOf(program: NatsServerProgram, folder: string, configFile: string, port: number) {
  if (program.kind === "binary") return { program: program.path, args: ["-c", configFile] };
  const user = process.getuid && process.getgid ? ["--user", `${process.getuid()}:${process.getgid()}`] : [];
  const args = ["run", "--rm", "-p", `127.0.0.1:${port}:${containerPort}`, ...user, "-v", `${folder}:/data`, program.image];
  return { program: "docker", args: [...args, "-c", "/data/nats.conf"] };
}

/** @param failure the reason to give up, once there is one. */
async function untilReady(port: number, failure: () => NocpError | undefined): Promise<void> {
  const giveUpAt = performance.now() + startTimeoutMs;
  for (;;) {
    const greeting = await probeNats({ host: "127.0.0.1", port }, 1000);
    if (greeting?.jetstream) return;
    const error = failure();
    if (error) throw error;
    if (performance.now() > giveUpAt) {
      throw new NocpError("MISSING_DEPENDENCY", `nats-server does not answer on port ${port} after ${startTimeoutMs / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
