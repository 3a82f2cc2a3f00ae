// The other end of a worker pool: the last line of a worker's script.
import { parentPort } from "node:worker_threads";
import { errorOfTask, type TaskOutcome, type TaskReply, taskFailureOf, type WorkerTask } from "./worker-messages.ts";

/** Asks the main thread, with a function that came with the task. @throws what that function throws. */
export type AskMainThread = (name: string, argument: unknown) => Promise<unknown>;

/** @returns what is sent back; a buffer in `transfer` is moved instead of copied. */
export type TaskFunction = (argument: never, ask: AskMainThread) => Promise<TaskAnswer> | TaskAnswer;

export interface TaskAnswer {
  readonly answer: unknown;
  readonly transfer?: readonly ArrayBuffer[];
}

/** Takes tasks one after the other: the pool sends the next one when it has the outcome. */
export function serveTasks(functions: Readonly<Record<string, TaskFunction>>): void {
  const port = parentPort;
  if (port === null) throw new Error("a worker's script runs in a worker thread");
  const post = (outcome: TaskOutcome, transfer: readonly ArrayBuffer[] = []) => port.postMessage(outcome, [...transfer]);
  const waiting = new Map<number, (outcome: TaskOutcome) => void>();
  let questions = 0;
  const ask: AskMainThread = async (name, argument) => {
    const question = ++questions;
    const outcome = await new Promise<TaskOutcome>((resolve) => {
      waiting.set(question, resolve);
      port.postMessage({ question, name, argument });
    });
    if ("failure" in outcome) throw errorOfTask(outcome.failure);
    return outcome.answer;
  };
  port.on("message", async (message: WorkerTask | TaskReply) => {
    if ("reply" in message) {
      waiting.get(message.reply)?.(message.outcome);
      waiting.delete(message.reply);
      return;
    }
    const { name, argument } = message;
    try {
      const run = functions[name];
      if (run === undefined) throw new Error(`the worker has no task ${name}`);
      const { answer, transfer } = await run(argument as never, ask);
      post({ answer }, transfer);
    } catch (error) {
      post({ failure: taskFailureOf(error) });
    }
  });
}
