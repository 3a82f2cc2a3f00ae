// What is acquired is released in reverse order (M6), also when a start fails half way.
import type { Logger } from "pino";

export interface ReleaseStack {
  push(name: string, release: () => void | Promise<void>): void;
  /** Runs every release once, last pushed first; a failing one is logged and does not stop the others. */
  releaseAll(): Promise<void>;
}

export function createReleaseStack(logger: Logger): ReleaseStack {
  const releases: { name: string; release: () => void | Promise<void> }[] = [];
  return {
    push: (name, release) => void releases.push({ name, release }),
    async releaseAll() {
      for (let top = releases.pop(); top; top = releases.pop()) {
        try {
          await top.release();
        } catch (error) {
          logger.error({ release: top.name, error: (error as Error).message }, "cannot release a resource");
        }
      }
    },
  };
}
