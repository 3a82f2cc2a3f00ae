// What a comparison takes and hands back.
import { cpus, loadavg } from "node:os";
import type { InstallOptions } from "./install-python-package.ts";

export interface PeerReport {
  /** Markdown. */
  readonly text: string;
  readonly report: object;
  readonly hasErrors: boolean;
}

export type PeerSetUp = Pick<InstallOptions, "cacheFolder" | "onStep">;

export const machineText = (): string => `${cpus().length} cores, ${cpus()[0]?.model}, Node ${process.version}`;

/** The machine's load over the last minute, now and when the report is written. */
export function watchLoad(): () => { readonly before: number; readonly after: number } {
  const before = loadavg()[0] ?? 0;
  return () => ({ before, after: loadavg()[0] ?? 0 });
}
