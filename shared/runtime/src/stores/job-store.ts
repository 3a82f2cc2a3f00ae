// The contract of jobs that outlive a process: whoever takes one leases it, so that one replica at a time works on it.

/** A job that is not finished. */
export interface Job<T> {
  /** Letters, digits, `-`, `_` and dots. */
  readonly key: string;
  readonly value: T;
  /** Changes with every change of the job. */
  readonly revision: number;
}

export interface JobStore<T> {
  /** @returns false when there is one with this key. */
  create(key: string, value: T): Promise<boolean>;
  /** @returns the new revision; undefined when somebody else changed or finished it. */
  update(job: Job<T>): Promise<number | undefined>;
  /** Finishes a job: nothing of it is left. */
  remove(key: string): Promise<void>;
  get(key: string): Promise<Job<T> | undefined>;
  list(): Promise<Job<T>[]>;
}
