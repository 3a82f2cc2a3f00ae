// One job, worked on under a lease that is renewed as long as the work goes on.
import type { Revised, RevisionStore } from "@nocp/runtime/stores/revision-store.ts";
import type { JobState, JobWork } from "./job.ts";

export interface LeasedWorkOptions {
  readonly store: RevisionStore<JobState>;
  readonly works: Readonly<Record<string, JobWork>>;
  /** Tells this process from others. */
  readonly owner: string;
  readonly now: () => number;
  readonly leaseMs: number;
  /** Gives the job back. */
  readonly stopping: AbortSignal;
}

const retryAfterMs = 2_000;

/**
 * Leases a job and does its work; then it is removed, or waits again. Does nothing when another replica was faster.
 * @throws what the work throws; then it is begun again after a while.
 */
export async function workLeased(found: Revised<JobState>, options: LeasedWorkOptions): Promise<void> {
  const { store, works, owner, now, leaseMs, stopping } = options;
  const work = works[found.value.kind];
  if (work === undefined) return;
  const held = holdJob(found, store);
  const lease = () => ({ owner, until: now() + leaseMs });
  await held.change({ lease: lease(), attempts: found.value.attempts + 1 });
  if (held.lost.aborted) return;
  const renewal = renewEvery(leaseMs / 3, () => held.change({ lease: lease() }));
  try {
    const { attempts, body } = held.value;
    const outcome = await work({ body, attempts }, AbortSignal.any([stopping, held.lost]));
    await renewal.end();
    if (outcome === "finished") await held.remove();
    else await held.change({ lease: null, ...outcome });
  } catch (error) {
    await renewal.end();
    const isGivenBack = stopping.aborted;
    await held.change({ lease: null, notBefore: isGivenBack ? 0 : now() + retryAfterMs }).catch(() => undefined);
    if (!isGivenBack && !held.lost.aborted) throw error;
  }
}

/** A job as this process knows it; lost when another replica has changed it. */
function holdJob(found: Revised<JobState>, store: RevisionStore<JobState>) {
  const lost = new AbortController();
  let job = found;
  return {
    lost: lost.signal,
    get value() {
      return job.value;
    },
    async change(next: Partial<JobState>): Promise<void> {
      if (lost.signal.aborted) return;
      const value: JobState = { ...job.value, ...next };
      const revision = await store.update({ ...job, value });
      if (revision === undefined) lost.abort();
      else job = { ...job, value, revision };
    },
    async remove(): Promise<void> {
      if (!lost.signal.aborted) await store.remove(job.key);
    },
  };
}

function renewEvery(periodMs: number, renew: () => Promise<void>): { end(): Promise<void> } {
  let renewing = Promise.resolve();
  const timer = setInterval(() => {
    // A broker that is away: the lease is renewed when it is back, or lost.
    renewing = renewing.then(renew).catch(() => undefined);
  }, periodMs);
  return {
    async end() {
      clearInterval(timer);
      await renewing;
    },
  };
}
