// Worker threads for work that would hold up the event loop. States of a thread: running (one task) → idle → running …;
// it ends when its task is aborted, when it crashes, after a time without work, and with the pool.
// W1: a task is settled once. W2: an aborted task rejects at once, and its thread is ended. W3: tasks start in the order of
// their calls. W4: a thread that is gone never keeps a waiting task from starting.
import { type Transferable, Worker } from "node:worker_threads";
import { errorOfTask, type TaskOutcome, type WorkerTask } from "./worker-messages.ts";

export interface WorkerPoolOptions {
  /** A module that ends with `serveTasks`. */
  readonly script: URL;
  /** Threads at most; the first is started by the first task. */
  readonly size: number;
  /** Of the objects of one thread. */
  readonly memoryMiB: number;
  /** How long a thread without work is kept. */
  readonly idleMs: number;
  /** What the script finds as `workerData`. */
  readonly workerData?: unknown;
}

export interface WorkerPool {
  /**
   * @param transfer parts of the argument that are moved instead of copied.
   * @throws the signal's reason; what the task threw, with its code where it is a NocpError; WorkerCrashed.
   */
  run(
    task: WorkerTask,
    options?: { readonly signal?: AbortSignal; readonly transfer?: readonly Transferable[] },
  ): Promise<unknown>;
  /** Ends all threads; tasks that run or wait fail. */
  close(): Promise<void>;
}

/** The thread ended before its task did: it ran out of memory, or an error was not caught. */
export class WorkerCrashed extends Error {
  override readonly name = "WorkerCrashed";
}

interface Job {
  readonly task: WorkerTask;
  readonly transfer: readonly Transferable[];
  /** W1: the first call counts. */
  readonly settle: (settled: { readonly answer: unknown } | { readonly error: unknown }) => void;
  thread?: Thread;
}

interface Thread {
  readonly worker: Worker;
  job: Job | undefined;
  idleTimer?: NodeJS.Timeout;
}

/** Threads of one script, which do one task each at a time. */
export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const { size, idleMs } = options;
  const waiting: Job[] = [];
  const threads = new Set<Thread>();
  const ending = new Set<Promise<unknown>>();
  let isClosed = false;

  const end = (thread: Thread) => {
    threads.delete(thread);
    clearTimeout(thread.idleTimer);
    const ended = thread.worker.terminate();
    ending.add(ended);
    void ended.finally(() => ending.delete(ended));
  };

  const startThread = (): Thread => {
    const thread: Thread = { worker: createWorker(options), job: undefined };
    threads.add(thread);
    thread.worker.on("message", (outcome: TaskOutcome) => {
      const { job } = thread;
      if (!threads.has(thread)) return;
      thread.job = undefined;
      // The process may end while a thread only waits.
      thread.worker.unref();
      thread.idleTimer = setTimeout(() => end(thread), idleMs).unref();
      job?.settle("failure" in outcome ? { error: errorOfTask(outcome.failure) } : outcome);
      startWaiting();
    });
    const crashed = (reason: string) => {
      if (threads.has(thread)) end(thread);
      thread.job?.settle({ error: new WorkerCrashed(reason) });
      startWaiting();
    };
    thread.worker.on("error", (error) => crashed(reasonOf(error, options)));
    thread.worker.on("exit", (code) => crashed(`its worker thread ended with code ${code}`));
    return thread;
  };

  const startWaiting = () => {
    while (waiting.length > 0) {
      const idle = [...threads].find(({ job }) => job === undefined);
      if (idle === undefined && threads.size >= size) return;
      const thread = idle ?? startThread();
      const job = waiting.shift() as Job;
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
  };

  return {
    run(task, { signal, transfer = [] } = {}) {
      return new Promise((resolve, reject) => {
        if (isClosed) throw new WorkerCrashed("the worker pool is closed");
        signal?.throwIfAborted();
        let isSettled = false;
        const job: Job = {
          task,
          transfer,
          settle(settled) {
            if (isSettled) return;
            isSettled = true;
            signal?.removeEventListener("abort", abort);
            if ("error" in settled) reject(settled.error);
            else resolve(settled.answer);
          },
        };
        const abort = () => {
          job.settle({ error: signal?.reason });
          const at = waiting.indexOf(job);
          if (at !== -1) waiting.splice(at, 1);
          if (job.thread?.job === job) end(job.thread);
          startWaiting();
        };
        signal?.addEventListener("abort", abort, { once: true });
        waiting.push(job);
        startWaiting();
      });
    },
    async close() {
      isClosed = true;
      const error = new WorkerCrashed("the worker pool is closed");
      for (const job of waiting.splice(0)) job.settle({ error });
      for (const thread of threads) {
        thread.job?.settle({ error });
        end(thread);
      }
      await Promise.all(ending);
    },
  };
}

const createWorker = ({ script, memoryMiB, workerData }: WorkerPoolOptions): Worker =>
  new Worker(script, { workerData, resourceLimits: { maxOldGenerationSizeMb: memoryMiB } });

const reasonOf = (error: unknown, { memoryMiB }: WorkerPoolOptions): string =>
  (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY"
    ? `it needs more than ${memoryMiB} MiB of memory`
    : `its worker thread failed: ${(error as Error).message}`;
