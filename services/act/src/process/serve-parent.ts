// The child's side: does what its parent asks for, one call at a time, and ends with it.
import { AsyncLocalStorage } from "node:async_hooks";
import { coerceError, errorNameOf } from "@nocp/contracts/errors/nocp-error.ts";
import { ChildError, type ChildMessage, type ParentMessage, type SentError, sentErrorOf } from "./child-messages.ts";

export interface CallContext {
  /** Fires when nobody waits for the answer any more. What goes on regardless is killed. */
  readonly signal: AbortSignal;
  /** Has something done in the parent. */
  ask(name: string, input: unknown): Promise<unknown>;
}

/** By name. @returns what structured cloning can copy. */
export type Works = Readonly<Record<string, (input: never, context: CallContext) => unknown>>;

export interface ServeOptions {
  /** How an error that is no NocpError is told. */
  readonly describeError?: (thrown: unknown) => SentError;
}

interface RunningCall {
  readonly id: number;
  readonly aborting: AbortController;
  isOver: boolean;
}

const plainError = (thrown: unknown): SentError => sentErrorOf(thrown, coerceError(thrown).message);

/**
 * Answers every call of the parent until the channel to it closes. What a callback of a call throws fails the call, and
 * the process takes no other: nobody knows what it left behind.
 */
export function serveParent(works: Works, { describeError = plainError }: ServeOptions = {}): void {
  const calls = new Map<number, RunningCall>();
  const questions = new Map<number, PromiseWithResolvers<unknown>>();
  const running = new AsyncLocalStorage<RunningCall>();
  let lastQuestion = 0;
  let isRetired = false;
  // Kept, because foreign code may replace it.
  const send = process.send?.bind(process);
  const tell = (message: ChildMessage): void => void send?.(message, undefined, undefined, () => undefined);

  const finish = (call: RunningCall, outcome: { readonly answer?: unknown; readonly error?: SentError }): void => {
    if (call.isOver) return;
    call.isOver = true;
    calls.delete(call.id);
    tell({ type: "answer", id: call.id, ...outcome });
  };

  const ask = (call: RunningCall, name: string, input: unknown): Promise<unknown> => {
    lastQuestion += 1;
    const question = lastQuestion;
    const asked = Promise.withResolvers<unknown>();
    questions.set(question, asked);
    tell({ type: "ask", id: call.id, question, name, input });
    return asked.promise;
  };

  const start = async (call: RunningCall, name: string, input: unknown): Promise<void> => {
    const context: CallContext = { signal: call.aborting.signal, ask: (what, value) => ask(call, what, value) };
    try {
      const work = works[name];
      if (!work) throw new Error(`there is no work named ${name}`);
      finish(call, { answer: await running.run(call, () => work(input as never, context)) });
    } catch (error) {
      finish(call, { error: describeError(error) });
    }
  };

  process.on("uncaughtException", (thrown) => {
    const call = running.getStore();
    // Once, because what throws for ever would say so for ever.
    if (!isRetired) tell({ type: "retire" });
    if (call && !call.isOver) finish(call, { error: describeError(thrown) });
    else if (!isRetired) process.stderr.write(`uncaught after its call: ${errorNameOf(thrown)}\n`);
    isRetired = true;
  });
  process.on(
    "unhandledRejection",
    (thrown) => void process.stderr.write(`unhandled promise rejection: ${errorNameOf(thrown)}\n`),
  );
  process.once("disconnect", () => process.exit());
  process.on("message", (message: ParentMessage) => {
    if (message.type === "call") {
      const call = { id: message.id, aborting: new AbortController(), isOver: false };
      calls.set(call.id, call);
      void start(call, message.work, message.input);
    } else if (message.type === "abort") {
      const call = calls.get(message.id);
      if (call) running.run(call, () => call.aborting.abort(new ChildError(message.reason)));
    } else {
      const asked = questions.get(message.question);
      questions.delete(message.question);
      if (message.error) asked?.reject(new ChildError(message.error));
      else asked?.resolve(message.answer);
    }
  });
  tell({ type: "ready" });
}
