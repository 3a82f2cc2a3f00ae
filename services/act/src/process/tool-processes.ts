// The two kinds of child processes that act has: for users' tools, and for what can block in its own.
import type { ActSettings } from "../config.ts";
import type { RunInChild } from "../tool.ts";
import { type ChildPool, createChildPool } from "./child-pool.ts";

export interface ToolProcesses {
  /** Absent where there is no folder of users' tools. */
  readonly userTools: ChildPool | undefined;
  readonly runInChild: RunInChild;
  close(): Promise<void>;
}

export interface LineLogger {
  info(fields: object, message: string): void;
}

type Settings = Pick<ActSettings, "toolsDir" | "toolConcurrency" | "toolMemoryMiB" | "toolWarmProcesses" | "toolIdleMs">;

/** @param environment of this process. */
export function startToolProcesses(
  { toolsDir, toolConcurrency, toolMemoryMiB, toolWarmProcesses, toolIdleMs }: Settings,
  environment: Readonly<Record<string, string | undefined>>,
  logger: LineLogger,
): ToolProcesses {
  const shared = {
    memoryMiB: toolMemoryMiB,
    size: toolConcurrency,
    idleMs: toolIdleMs,
    onLine: (line: string, tool: string | undefined) => logger.info({ tool, line }, "a tool wrote a line"),
  };
  const builtIn = createChildPool({
    ...shared,
    entry: new URL("./built-in-child.ts", import.meta.url),
    args: [],
    environment: {},
    warm: 0,
  });
  const userTools =
    toolsDir === ""
      ? undefined
      : createChildPool({
          ...shared,
          entry: new URL("../user-tools/user-tool-child.ts", import.meta.url),
          args: [toolsDir],
          environment: withoutOwn(environment),
          warm: toolWarmProcesses,
        });
  return {
    userTools,
    runInChild: (work, input, signal) => builtIn.run({ work, input, signal, label: work }),
    close: async () => {
      await Promise.all([builtIn.close(), userTools?.close()]);
    },
  };
}

/** A user's tool reads its own settings from the environment. Those of the services, their credentials among them, are not its own. */
const withoutOwn = (environment: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(?:NOCP_|NATS_)/.test(name)));
