// The cluster as kubectl shows it.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { findOnPath, type Machine } from "../setup/machine.ts";

/** What kubectl said; `reason` when it failed. */
export type Said = { readonly text: string } | { readonly reason: string };

/** Reads only. */
export type Kubectl = (...args: readonly string[]) => Promise<Said>;

const timeoutMs = 15_000;

/**
 * @param context of the kubeconfig; undefined for the current one.
 * @throws NocpError MISSING_DEPENDENCY.
 */
export function createKubectl(machine: Machine, context: string | undefined): Kubectl {
  const program = findOnPath("kubectl", machine.environment);
  if (program === undefined)
    throw new NocpError("MISSING_DEPENDENCY", "kubectl is not on PATH", {
      advice: "Install kubectl, and see that `kubectl get nodes` works",
    });
  const chosen = context === undefined ? [] : ["--context", context];
  return async (...args) => {
    const { exitCode, stdout, stderr } = await machine.run(program, [...chosen, "--request-timeout=10s", ...args], { timeoutMs });
    if (exitCode === 0) return { text: stdout };
    // kubectl repeats itself while it tries to reach a server: its last line has the reason.
    return { reason: stderr.trim().split("\n").at(-1) || `kubectl ended with code ${exitCode}` };
  };
}
