// The seed workloads as groups of cases: the same for the same seed.
import { apiCalls } from "./api-calls.ts";
import { conversation } from "./conversation.ts";
import { database } from "./database.ts";
import { createRandom } from "./random.ts";
import { retrieval } from "./retrieval.ts";
import type { CaseGroup, Size, Workload } from "./workload.ts";

export const workloads: readonly Workload[] = [retrieval, apiCalls, database, conversation];

export interface GroupSelection {
  readonly workloads: readonly string[];
  readonly sizes: readonly Size[];
  readonly casesPerGroup: number;
  readonly seed: string;
}

export function createGroups({ workloads: names, sizes, casesPerGroup, seed }: GroupSelection): CaseGroup[] {
  return workloads
    .filter(({ name }) => names.includes(name))
    .flatMap((workload) =>
      sizes.map((size) => ({
        workload: workload.name,
        size,
        label: workload.label[size],
        cases: Array.from({ length: casesPerGroup }, (_, at) => {
          const id = `${workload.name}-${size}-${at + 1}`;
          return { id, ...workload.createCase(size, at, createRandom(`${seed}/${id}`)) };
        }),
      })),
    );
}
