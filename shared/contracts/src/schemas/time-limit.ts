// Ends synchronous work that takes too long: a caller's schema may hold a regular expression that never comes back.
import { createContext, Script } from "node:vm";

/** @returns what `work` returns. @throws what it throws, or TimeLimitError. */
export type RunWithinLimit = <T>(work: () => T, limitMs: number) => T;

export class TimeLimitError extends Error {}

/** Longest time for which a caller's schema holds up a main thread, where a worker thread can begin anew. */
export const mainThreadLimitMs = 100;

/** The time-out of a script ends whatever runs below it, native regular expressions included. */
export function createTimeLimit(): RunWithinLimit {
  const script = new Script("run()");
  const sandbox: { run?: () => void } = createContext({});
  return <T>(work: () => T, limitMs: number): T => {
    const outcome: { value?: T; thrown?: unknown } = {};
    sandbox.run = () => {
      outcome.value = work();
    };
    try {
      script.runInContext(sandbox, { timeout: limitMs });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      throw new TimeLimitError(`took longer than ${limitMs} ms`);
    } finally {
      delete sandbox.run;
    }
    return outcome.value as T;
  };
}
