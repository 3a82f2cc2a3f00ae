// Works on jobs until they are finished, whatever crashes: each is leased by one replica, and taken over when its lease ends.
//
// A job is waiting (nobody leases it, or the lease is over) → leased (one replica works on it, and renews the lease) → removed,
// or waiting again, perhaps not before a time.
import type { Revised, RevisionStore } from "@nocp/runtime/stores/revision-store.ts";
import type { JobState, JobWork } from "./job.ts";
import { workLeased } from "./work-leased.ts";

export interface JobRunnerOptions {
  readonly store: RevisionStore<JobState>;
  readonly works: Readonly<Record<string, JobWork>>;
  /** Tells this process from others. */
  readonly owner: string;
  readonly now: () => number;
  readonly lookEveryMs?: number;
  readonly leaseMs?: number;
  readonly onError: (error: unknown, key: string) => void;
}

export interface JobRunner {
  /** @returns false when there is one with this key. */
  add(key: string, kind: string, body: unknown): Promise<boolean>;
  /** Begins a job now that would wait for longer. */
  nudge(key: string): void;
  /** Gives back what runs. */
  stop(): Promise<void>;
}

const mostAtOnce = 16;

export function startJobRunner(options: JobRunnerOptions): JobRunner {
  const { store, now, lookEveryMs = 2_000, leaseMs = 30_000, onError } = options;
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const isFree = ({ lease }: JobState): boolean => lease === null || lease.until <= now();
  const take = (job: Revised<JobState>, evenEarly = false): void => {
    const isDue = isFree(job.value) && (evenEarly || job.value.notBefore <= now());
    if (!isDue || running.has(job.key) || running.size >= mostAtOnce || stopping.signal.aborted) return;
    const run = workLeased(job, { ...options, leaseMs, stopping: stopping.signal })
      .catch((error: unknown) => onError(error, job.key))
      .finally(() => running.delete(job.key));
    running.set(job.key, run);
  };

  const look = async (): Promise<void> => {
    try {
      for (const job of await store.list()) take(job);
    } catch {
      // The broker is away; the next look finds what is to be done.
    }
    if (!stopping.signal.aborted) timer = setTimeout(() => void look(), lookEveryMs);
  };
  void look();

  const nudge = (key: string): void => {
    store.get(key).then(
      (job) => job && take(job, true),
      () => undefined,
    );
  };
  return {
    async add(key, kind, body) {
      const isNew = await store.create(key, { kind, notBefore: 0, attempts: 0, lease: null, body });
      nudge(key);
      return isNew;
    },
    nudge,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}
