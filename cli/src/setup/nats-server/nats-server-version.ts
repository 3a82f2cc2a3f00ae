// Which nats-server is new enough.
import type { Machine } from "../machine.ts";

/** The oldest version the messaging runtime is tested with. */
export const minimumVersion = "2.9.10";

/** `nats-server: v2.9.10` → `2.9.10`. */
export const parseVersion = (text: string): string | undefined => /(?<!\d)(\d+\.\d+\.\d+)/.exec(text)?.[1];

export function isAtLeast(version: string, minimum: string): boolean {
  const numbers = (text: string) => text.split(".").map(Number);
  const [left, right] = [numbers(version), numbers(minimum)];
  const index = left.findIndex((number, position) => number !== right[position]);
  return index === -1 || (left[index] ?? 0) > (right[index] ?? 0);
}

/** `undefined` when it does not run on this machine. */
export async function versionOf(path: string, machine: Machine): Promise<string | undefined> {
  const outcome = await machine.run(path, ["--version"], { timeoutMs: 10_000 });
  return outcome.exitCode === 0 ? parseVersion(outcome.stdout + outcome.stderr) : undefined;
}
