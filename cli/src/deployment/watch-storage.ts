// nats-server keeps the error of a write that failed, e.g. on a full disk, until it is started again: once there is room, it is.
import { statfsSync } from "node:fs";
import { keyValueStream } from "@nocp/runtime/transport/expected-buckets.ts";
import { tenantsBucket } from "@nocp/runtime/transport/tenant-records.ts";
import type { SupervisedProcess } from "../supervisor/supervised-process.ts";
import { readinessOf } from "./service-readiness.ts";

export interface StorageWatchOptions {
  readonly nats: SupervisedProcess;
  /** Where NATS keeps its files. */
  readonly folder: string;
  /** Of the services, which tell when nothing is stored. */
  readonly httpUrls: readonly string[];
  readonly onRestart: () => void;
  /** Makes what services say is missing. */
  readonly provision: () => Promise<void>;
}

const lookEveryMs = 2_500;
/** Looks in a row, so that a moment's stall of the machine restarts nothing. */
const looksBefore = 2;
/** How long a new start may take before it is judged. */
const patienceMs = 20_000;
/** Less would be full again at once. */
const neededBytes = 8 * 1024 * 1024;

/** @returns what ends it. */
export function watchStorage({ nats, folder, httpUrls, onRestart, provision }: StorageWatchOptions): () => void {
  let looks = 0;
  let wasEmptied = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<number> => {
    const answers = await Promise.all(httpUrls.map(readinessOf));
    // Services may not make what is missing, or do not know what belongs in it; somebody else may have made it by the next look.
    const isMissing = answers.some((answer) => answer?.cause === "missing");
    const isEmptied = answers.some((answer) => answer?.recreated?.includes(keyValueStream(tenantsBucket)));
    if (!stopped && (isMissing || (isEmptied && !wasEmptied))) await provision().catch(() => undefined);
    wasEmptied = isEmptied;
    looks = answers.some((answer) => answer?.cause === "storage") ? looks + 1 : 0;
    if (stopped || looks < looksBefore || nats.state !== "running" || freeBytes(folder) < neededBytes) return lookEveryMs;
    looks = 0;
    onRestart();
    // Not SIGTERM: a server that waits for a write waits for ever. What it acknowledged is written.
    nats.kill("SIGKILL");
    return patienceMs;
  };
  const lookAgain = (delayMs: number): void => {
    timer = setTimeout(() => void look().then((next) => stopped || lookAgain(next)), delayMs);
    timer.unref();
  };
  lookAgain(lookEveryMs);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
