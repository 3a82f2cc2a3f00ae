// Worker threads for work that would hold up the event loop. States of a thread: running (one task) → idle → running …;
// it ends when its task is aborted, when it crashes, after a time without work, and with the pool.
// A task that waits for what it asked the main thread takes no processor, and does not count as running.
// W1: a task is settled once. W2: an aborted task rejects at once, and its thread is ended. W3: tasks start in the order of
// their calls. W4: a thread that is gone never keeps a waiting task from starting.
import { type Transferable, Worker } from "node:worker_threads";
import { errorOfTask, type TaskOutcome, type TaskQuestion, taskFailureOf, type WorkerTask } from "./worker-messages.ts";

export interface WorkerPoolOptions {
  /** A module that ends with `serveTasks`. */
  readonly script: URL;
  /** Threads at most that run; the first is started by the first task. Up to four more may wait for the main thread. */
  readonly size: number;
  /** Of the objects of one thread; 512 unless given. */
  readonly memoryMiB?: number;
  /** How long a thread without work is kept; five minutes unless given. */
  readonly idleMs?: number;
  /** What the script finds as `workerData`. */
  readonly workerData?: unknown;
}

/** Threads beyond the size, while others wait for the main thread. */
const mostWaiting = 4;

/** A thread holds vocabularies and compiled code; starting one costs the next large request a good part of a second. */
const usualThread = { memoryMiB: 512, idleMs: 5 * 60_000 };

export interface WorkerPool {
  /**
   * @param transfer parts of the argument that are moved instead of copied.
   * @throws the signal's reason; what the task threw, with its code where it is a NocpError; WorkerCrashed.
   */
  run(
    task: WorkerTask,
    options?: {
      readonly signal?: AbortSignal;
      readonly transfer?: readonly Transferable[];
      /** What the task may ask of this thread, by name. */
      readonly answers?: Readonly<Record<string, (argument: never) => Promise<unknown>>>;
    },
  ): Promise<unknown>;
  /** Ends all threads; tasks that run or wait fail. */
  close(): Promise<void>;
}

/** The thread ended before its task did: it ran out of memory, or an error was not caught. */
export class WorkerCrashed extends Error {
  override readonly name = "WorkerCrashed";
}

/** For what takes little memory by itself: whatever ended its thread, it is done otherwise. Other errors are thrown. */
export const unlessCrashed =
  <T>(otherwise: () => Promise<T>) =>
  (error: unknown): Promise<T> => {
    if (error instanceof WorkerCrashed) return otherwise();
    throw error;
  };

type RunOptions = NonNullable<Parameters<WorkerPool["run"]>[1]>;

interface Job {
  readonly task: WorkerTask;
  readonly answers: NonNullable<RunOptions["answers"]>;
  readonly transfer: readonly Transferable[];
  /** W1: the first call counts. */
  readonly settle: (settled: Settled) => void;
  thread?: Thread;
}

type Settled = { readonly answer: unknown } | { readonly error: unknown };

interface Thread {
  readonly worker: Worker;
  job: Job | undefined;
  /** Questions of its job that are not answered yet. */
  questions: number;
  idleTimer?: NodeJS.Timeout;
}

/** Threads of one script, which do one task each at a time. */
export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const threads = new Threads({ ...usualThread, workerData: undefined, ...options });
  return {
    run: (task, { signal, transfer = [], answers = {} } = {}) =>
      new Promise((resolve, reject) => {
        threads.throwIfClosed();
        signal?.throwIfAborted();
        let isSettled = false;
        const settle = (settled: Settled): void => {
          if (isSettled) return;
          isSettled = true;
          signal?.removeEventListener("abort", abort);
          if ("error" in settled) reject(settled.error);
          else resolve(settled.answer);
        };
        const job: Job = { task, transfer, answers, settle };
        const abort = (): void => {
          settle({ error: signal?.reason });
          threads.abandon(job);
        };
        signal?.addEventListener("abort", abort, { once: true });
        threads.add(job);
      }),
    close: () => threads.close(),
  };
}

/** The threads of a pool, and the jobs that wait for one. */
class Threads {
  readonly #options: Required<WorkerPoolOptions>;
  readonly #waiting: Job[] = [];
  readonly #threads = new Set<Thread>();
  readonly #ending = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(options: Required<WorkerPoolOptions>) {
    this.#options = options;
  }

  throwIfClosed(): void {
    if (this.#isClosed) throw new WorkerCrashed("the worker pool is closed");
  }

  add(job: Job): void {
    this.#waiting.push(job);
    this.#startWaiting();
  }

  /** W2: a job that was settled while it waited is not started; where it runs, its thread is ended. */
  abandon(job: Job): void {
    const at = this.#waiting.indexOf(job);
    if (at !== -1) this.#waiting.splice(at, 1);
    if (job.thread?.job === job) this.#end(job.thread);
    this.#startWaiting();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const error = new WorkerCrashed("the worker pool is closed");
    for (const job of this.#waiting.splice(0)) job.settle({ error });
    for (const thread of this.#threads) {
      thread.job?.settle({ error });
      this.#end(thread);
    }
    await Promise.all(this.#ending);
  }

  /** W3: jobs start in the order of their calls. */
  #startWaiting(): void {
    while (this.#waiting.length > 0) {
      const threads = [...this.#threads];
      const idle = threads.find(({ job }) => job === undefined);
      const running = threads.filter(({ job, questions }) => job !== undefined && questions === 0).length;
      if (running >= this.#options.size) return;
      if (idle === undefined && threads.length >= this.#options.size + mostWaiting) return;
      startOn(idle ?? this.#startThread(), this.#waiting.shift() as Job);
    }
  }

  #startThread(): Thread {
    const thread: Thread = { worker: createWorker(this.#options), job: undefined, questions: 0 };
    this.#threads.add(thread);
    thread.worker.on("message", (message: TaskOutcome | TaskQuestion) => {
      if ("question" in message) void this.#onQuestion(thread, message);
      else this.#onOutcome(thread, message);
    });
    thread.worker.on("error", (error) => this.#onCrash(thread, reasonOf(error, this.#options)));
    thread.worker.on("exit", (code) => this.#onCrash(thread, `its worker thread ended with code ${code}`));
    return thread;
  }

  /** The job is gone when its thread was ended meanwhile, and then nobody hears the reply. */
  async #onQuestion(thread: Thread, { question, name, argument }: TaskQuestion): Promise<void> {
    const { job } = thread;
    if (!this.#threads.has(thread) || job === undefined) return;
    thread.questions++;
    this.#startWaiting();
    const outcome = await outcomeOf(job.answers[name], name, argument);
    if (!this.#threads.has(thread) || thread.job !== job) return;
    thread.questions--;
    thread.worker.postMessage({ reply: question, outcome });
  }

  #onOutcome(thread: Thread, outcome: TaskOutcome): void {
    const { job } = thread;
    if (!this.#threads.has(thread)) return;
    thread.job = undefined;
    thread.questions = 0;
    // The process may end while a thread only waits.
    thread.worker.unref();
    thread.idleTimer = setTimeout(() => this.#end(thread), this.#options.idleMs).unref();
    job?.settle("failure" in outcome ? { error: errorOfTask(outcome.failure) } : outcome);
    this.#startWaiting();
  }

  /** W4: what waits gets another thread. */
  #onCrash(thread: Thread, reason: string): void {
    if (this.#threads.has(thread)) this.#end(thread);
    thread.job?.settle({ error: new WorkerCrashed(reason) });
    this.#startWaiting();
  }

  #end(thread: Thread): void {
    this.#threads.delete(thread);
    clearTimeout(thread.idleTimer);
    const ended = thread.worker.terminate();
    this.#ending.add(ended);
    void ended.finally(() => this.#ending.delete(ended));
  }
}

async function outcomeOf(
  answer: ((argument: never) => Promise<unknown>) | undefined,
  name: string,
  argument: unknown,
): Promise<TaskOutcome> {
  try {
    if (answer === undefined) throw new Error(`nobody answers ${name}`);
    return { answer: await answer(argument as never) };
  } catch (error) {
    return { failure: taskFailureOf(error) };
  }
}

function startOn(thread: Thread, job: Job): void {
  clearTimeout(thread.idleTimer);
  thread.job = job;
  job.thread = thread;
  thread.worker.ref();
  try {
    thread.worker.postMessage(job.task, [...job.transfer]);
  } catch (error) {
    // An argument that cannot be copied: the thread never heard of it.
    thread.job = undefined;
    job.settle({ error });
  }
}

const createWorker = ({ script, memoryMiB, workerData }: Required<WorkerPoolOptions>): Worker =>
  new Worker(script, { workerData, resourceLimits: { maxOldGenerationSizeMb: memoryMiB } });

const reasonOf = (error: unknown, { memoryMiB }: Required<WorkerPoolOptions>): string =>
  (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY"
    ? `it needs more than ${memoryMiB} MiB of memory`
    : `its worker thread failed: ${(error as Error).message}`;
