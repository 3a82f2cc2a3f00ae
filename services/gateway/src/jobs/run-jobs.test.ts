import type { Revised, RevisionStore } from "@nocp/runtime/stores/revision-store.ts";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { JobState, JobWork } from "./job.ts";
import { type JobRunner, startJobRunner } from "./run-jobs.ts";

/** Of one process; what two runners share. */
function createMemoryJobs(): RevisionStore<JobState> & { readonly jobs: Map<string, Revised<JobState>> } {
  const jobs = new Map<string, Revised<JobState>>();
  let revision = 0;
  const set = (key: string, value: JobState): number => {
    jobs.set(key, { key, value, revision: ++revision });
    return revision;
  };
  return {
    jobs,
    create: async (key, value) => !jobs.has(key) && set(key, value) > 0,
    update: async ({ key, value, revision: known }) => (jobs.get(key)?.revision === known ? set(key, value) : undefined),
    remove: async (key) => void jobs.delete(key),
    get: async (key) => jobs.get(key),
    list: async () => [...jobs.values()],
  };
}

const runners: JobRunner[] = [];
afterEach(async () => {
  for (const runner of runners.splice(0)) await runner.stop();
});

const start = (store: RevisionStore<JobState>, work: JobWork, more: { leaseMs?: number; now?: () => number } = {}): JobRunner => {
  const options = { lookEveryMs: 5, now: Date.now, onError: () => undefined, owner: `runner-${runners.length}`, ...more };
  const runner = startJobRunner({ ...options, store, works: { count: work } });
  runners.push(runner);
  return runner;
};

describe("jobs", () => {
  it("are done once and then gone, whichever runner adds them", async () => {
    const store = createMemoryJobs();
    const done: unknown[] = [];
    const work: JobWork = async ({ body }) => {
      done.push(body);
      return "finished";
    };
    const [first] = [start(store, work), start(store, work)];
    for (let job = 0; job < 40; job++) await first?.add(`count.${job}`, "count", job);
    expect(await first?.add("count.0", "count", "again")).toBeTypeOf("boolean");
    await vi.waitFor(() => expect(store.jobs.size).toBe(0), { timeout: 30_000 });
    expect(done.filter((body) => body !== "again").sort()).toEqual(Array.from({ length: 40 }, (_, job) => job).sort());
  });

  it("wait until they are due, and go on from where they were", async () => {
    const store = createMemoryJobs();
    let now = 1_000;
    const seen: unknown[] = [];
    const runner = start(
      store,
      async ({ body }) => {
        seen.push(body);
        return seen.length === 2 ? "finished" : { notBefore: 5_000, body: "second half" };
      },
      { now: () => now },
    );
    await runner.add("count.a", "count", "first half");
    await vi.waitFor(() => expect(store.jobs.get("count.a")?.value).toMatchObject({ body: "second half", lease: null }));
    expect(seen).toEqual(["first half"]);
    now = 5_000;
    await vi.waitFor(() => expect(store.jobs.size).toBe(0), { timeout: 30_000 });
    expect(seen).toEqual(["first half", "second half"]);
  });

  it("begin early when they are nudged", async () => {
    const store = createMemoryJobs();
    await store.create("count.a", { kind: "count", notBefore: 1e15, attempts: 0, lease: null, body: null });
    const runner = start(store, async () => "finished");
    runner.nudge("count.a");
    await vi.waitFor(() => expect(store.jobs.size).toBe(0), { timeout: 30_000 });
  });

  it("are taken over when the one who leased them died", async () => {
    const store = createMemoryJobs();
    const lease = { owner: "dead", until: Date.now() + 300 };
    await store.create("count.a", { kind: "count", notBefore: 0, attempts: 1, lease, body: "left" });
    const taken: unknown[] = [];
    start(store, async (job) => {
      taken.push([job, Date.now() >= lease.until]);
      return "finished";
    });
    await vi.waitFor(() => expect(store.jobs.size).toBe(0), { timeout: 30_000 });
    expect(taken).toEqual([[{ body: "left", attempts: 2 }, true]]);
  });

  it("are begun again after an error, and given back when the process stops", async () => {
    const store = createMemoryJobs();
    let tries = 0;
    const runner = start(store, async (_job, signal) => {
      if (++tries === 1) throw new Error("once");
      return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    await runner.add("count.a", "count", null);
    await vi.waitFor(() => expect(store.jobs.get("count.a")?.value.lease).toBeNull(), { timeout: 30_000 });
    expect(store.jobs.get("count.a")?.value.notBefore).toBeGreaterThan(0);
    runner.nudge("count.a");
    await vi.waitFor(() => expect(tries).toBe(2), { timeout: 30_000 });
    await runner.stop();
    expect(store.jobs.get("count.a")?.value).toMatchObject({ lease: null, notBefore: 0 });
  });

  it("that another took are left to it", async () => {
    const store = createMemoryJobs();
    const { promise: lost, resolve: onLost } = Promise.withResolvers<void>();
    const runner = start(
      store,
      (_job, signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => {
            onLost();
            reject(signal.reason);
          }),
        ),
      { leaseMs: 30 },
    );
    await runner.add("count.a", "count", null);
    await vi.waitFor(() => expect(store.jobs.get("count.a")?.value.lease).not.toBeNull(), { timeout: 30_000 });
    const job = store.jobs.get("count.a");
    if (job)
      store.jobs.set("count.a", { ...job, value: { ...job.value, lease: { owner: "other", until: 1e15 } }, revision: 1e9 });
    await lost;
    await runner.stop();
    expect(store.jobs.get("count.a")?.value.lease).toEqual({ owner: "other", until: 1e15 });
  });
});
