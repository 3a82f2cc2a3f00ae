// The other end of a worker pool: the last line of a worker's script.
import { parentPort } from "node:worker_threads";
import { type TaskOutcome, taskFailureOf, type WorkerTask } from "./worker-messages.ts";

/** @returns what is sent back; a buffer in `transfer` is moved instead of copied. */
export type TaskFunction = (argument: never) => Promise<TaskAnswer> | TaskAnswer;

export interface TaskAnswer {
  readonly answer: unknown;
  readonly transfer?: readonly ArrayBuffer[];
}

/** Takes tasks one after the other: the pool sends the next one when it has the outcome. */
export function serveTasks(functions: Readonly<Record<string, TaskFunction>>): void {
  const port = parentPort;
  if (port === null) throw new Error("a worker's script runs in a worker thread");
  const post = (outcome: TaskOutcome, transfer: readonly ArrayBuffer[] = []) => port.postMessage(outcome, [...transfer]);
  port.on("message", async ({ name, argument }: WorkerTask) => {
    try {
      const run = functions[name];
      if (run === undefined) throw new Error(`the worker has no task ${name}`);
      const { answer, transfer } = await run(argument as never);
      post({ answer }, transfer);
    } catch (error) {
      post({ failure: taskFailureOf(error) });
    }
  });
}
