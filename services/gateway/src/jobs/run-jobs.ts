// Works on jobs until they are finished, whatever crashes: each is leased by one replica, and taken over when its lease ends.
//
// A job is waiting (nobody leases it, or the lease is over) → leased (one replica works on it, and renews the lease) → removed,
// or waiting again, perhaps not before a time.
import type { Revised, RevisionStore } from "@nocp/runtime/stores/revision-store.ts";
import { z } from "zod";

export const jobSchema = z.object({
  /** What is to be done: names the work. */
  kind: z.string(),
  /** Milliseconds since the epoch. */
  notBefore: z.number(),
  /** How often it was begun and not finished. */
  attempts: z.int().min(0),
  lease: z.object({ owner: z.string(), until: z.number() }).nullable(),
  /** Where it has got to. */
  body: z.unknown(),
});
export type JobState = z.infer<typeof jobSchema>;

export type JobOutcome = "finished" | { readonly notBefore: number; readonly body: unknown };

/** @throws anything: the job is begun again after a while. */
export type JobWork = (job: { readonly body: unknown; readonly attempts: number }, signal: AbortSignal) => Promise<JobOutcome>;

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
const retryAfterMs = 2_000;

export function startJobRunner(options: JobRunnerOptions): JobRunner {
  const { store, works, owner, now, lookEveryMs = 2_000, leaseMs = 30_000, onError } = options;
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const isFree = ({ lease }: JobState): boolean => lease === null || lease.until <= now();
  const take = (job: Revised<JobState>, evenEarly = false): void => {
    const isDue = isFree(job.value) && (evenEarly || job.value.notBefore <= now());
    if (!isDue || running.has(job.key) || running.size >= mostAtOnce || stopping.signal.aborted) return;
    const run = runLeased(job)
      .catch((error: unknown) => onError(error, job.key))
      .finally(() => running.delete(job.key));
    running.set(job.key, run);
  };

  const runLeased = async (found: Revised<JobState>): Promise<void> => {
    const work = works[found.value.kind];
    if (work === undefined) return;
    const lost = new AbortController();
    let job: Revised<JobState> | undefined = found;
    const change = async (next: Partial<JobState>): Promise<void> => {
      if (job === undefined) return;
      const value: JobState = { ...job.value, ...next };
      const revision = await store.update({ ...job, value });
      job = revision === undefined ? undefined : { ...job, value, revision };
      if (job === undefined) lost.abort();
    };
    const lease = () => ({ owner, until: now() + leaseMs });
    await change({ lease: lease(), attempts: found.value.attempts + 1 });
    if (job === undefined) return;
    let renewing = Promise.resolve();
    const renewal = setInterval(() => {
      // A broker that is away: the lease is renewed when it is back, or lost.
      renewing = renewing.then(() => change({ lease: lease() })).catch(() => undefined);
    }, leaseMs / 3);
    const end = async (): Promise<void> => {
      clearInterval(renewal);
      await renewing;
    };
    try {
      const { attempts, body } = job.value;
      const outcome = await work({ body, attempts }, AbortSignal.any([stopping.signal, lost.signal]));
      await end();
      if (outcome === "finished") await (job && store.remove(job.key));
      else await change({ lease: null, ...outcome });
    } catch (error) {
      await end();
      const given = stopping.signal.aborted;
      await change({ lease: null, notBefore: given ? 0 : now() + retryAfterMs }).catch(() => undefined);
      if (!given && !lost.signal.aborted) throw error;
    }
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
