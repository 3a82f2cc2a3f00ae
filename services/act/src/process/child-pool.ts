// Child processes that are kept for the next call: started before they are needed, as many as calls run at once.
import { abortable } from "@nocp/contracts/abortable.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type OrphanGuard, startOrphanGuard } from "./orphan-guard.ts";
import { type ChildCall, type ChildPlan, type PooledChild, startChild } from "./pooled-child.ts";

export interface ChildPoolOptions extends ChildPlan {
  /** Most children that work at once; further calls wait. */
  readonly size: number;
  /** Children that stay when nothing is done. */
  readonly warm: number;
  /** How long the others stay idle, in milliseconds. */
  readonly idleMs: number;
}

export interface ChildPool {
  /** @throws NocpError TOOL_FAILED, TOOL_OUT_OF_MEMORY, what the child reports, or the signal's reason. */
  run(call: ChildCall): Promise<unknown>;
  /** Kills all children. */
  close(): Promise<void>;
}

/** Starting takes a processor some 100 ms: a burst of short calls is done sooner by the children that are there. */
const mostStarting = 2;

export function createChildPool(options: ChildPoolOptions): ChildPool {
  const children = new Set<PooledChild>();
  const waiting = new Set<PromiseWithResolvers<void>>();
  let guard: OrphanGuard | undefined;
  let isClosed = false;

  const inState = (state: PooledChild["state"]): PooledChild[] => [...children].filter((child) => child.state === state);

  const start = (): void => {
    guard ??= startOrphanGuard();
    let wasReady = false;
    let idleTimer: NodeJS.Timeout | undefined;
    const child = startChild(options, guard, () => {
      clearTimeout(idleTimer);
      if (child.state === "idle") {
        wasReady = true;
        idleTimer = setTimeout(() => dismiss(child), options.idleMs).unref();
      }
      if (child.state === "gone") onGone(child, wasReady);
      for (const { resolve } of waiting) resolve();
    });
    children.add(child);
  };
  const onGone = (child: PooledChild, wasReady: boolean): void => {
    children.delete(child);
    // One that cannot start would be started for ever.
    if (!wasReady) for (const { reject } of waiting) reject(child.death);
    else if (children.size < options.warm && !isClosed) start();
  };
  const dismiss = (child: PooledChild): void => {
    if (child.state === "idle" && children.size > options.warm) void child.kill();
  };

  /** Rejects when a child that was to help cannot start. */
  const untilFree = async (signal: AbortSignal): Promise<void> => {
    // Those that were given up do not count: they are gone in a moment.
    const starting = inState("starting").length;
    if (starting < Math.min(mostStarting, waiting.size + 1) && inState("busy").length + starting < options.size) start();
    const free = Promise.withResolvers<void>();
    waiting.add(free);
    await abortable(() => free.promise, signal).finally(() => waiting.delete(free));
  };

  for (let count = 0; count < options.warm; count += 1) start();
  return {
    async run(call) {
      for (;;) {
        call.signal.throwIfAborted();
        if (isClosed) throw new NocpError("TOOL_FAILED", "the service is being stopped");
        const [idle] = inState("idle");
        if (idle) return idle.run(call);
        await untilFree(call.signal);
      }
    },
    async close() {
      isClosed = true;
      await Promise.all([...children].map((child) => child.kill()));
      guard?.close();
    },
  };
}
