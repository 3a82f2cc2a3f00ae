// Asks providers now and then whether they answer, whether or not anybody calls them; one replica does it for all.
import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { classifyProviderError } from "@nocp/models/failures/classify-provider-error.ts";
import { isProviderFault } from "./call-verdict.ts";
import type { HealthPolicy } from "./health-state.ts";
import type { ModelBreaker } from "./model-breaker.ts";

export interface CheckedProvider {
  readonly name: string;
  readonly policy: HealthPolicy;
  /** Costs nothing. @throws the vendor's error. */
  check(signal: AbortSignal): Promise<void>;
}

export interface HealthCheckOptions {
  readonly providers: readonly CheckedProvider[];
  /** The breaker that a provider's checks open. */
  readonly breakerOf: (provider: string) => Pick<ModelBreaker, "claimCheck" | "checked">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Fires once; what it returns cancels it. */
  readonly after: (delayMs: number, work: () => void) => () => void;
  /** @param problem the code of the error; undefined when the check passed. */
  readonly onCheck: (provider: string, problem: string | undefined) => void;
}

/** Replicas that wait for the same check come one after the other: the first makes it. */
const spreadShare = 0.1;
const leastPauseMs = 250;

/** @returns ends them; a check that runs is left to itself. */
export function startHealthChecks({ providers, breakerOf, now, random, after, onCheck }: HealthCheckOptions): () => void {
  const timers = new Map<string, () => void>();
  let isStopped = false;
  const visit = async (provider: CheckedProvider): Promise<void> => {
    const { name, policy } = provider;
    const breaker = breakerOf(name);
    const { isMine, nextAt } = await breaker.claimCheck(policy);
    if (isMine && !isStopped) {
      const problem = await problemOf(provider, now);
      onCheck(name, problem);
      await breaker.checked(problem, policy);
    }
    later(provider, nextAt - now() + policy.intervalMs * spreadShare * random());
  };
  const later = (provider: CheckedProvider, delayMs: number): void => {
    if (isStopped) return;
    const again = () => later(provider, provider.policy.intervalMs);
    timers.set(
      provider.name,
      after(Math.max(leastPauseMs, delayMs), () => void visit(provider).catch(again)),
    );
  };
  for (const provider of providers) later(provider, provider.policy.intervalMs * spreadShare * random());
  return () => {
    isStopped = true;
    for (const cancel of timers.values()) cancel();
  };
}

/** A refusal is an answer: a wrong key, a rate limit or a server without such a path says that somebody is there. */
async function problemOf({ name, policy, check }: CheckedProvider, now: () => number): Promise<string | undefined> {
  const { timeoutMs } = policy;
  const onTimeout = () => new NocpError("PROVIDER_TIMEOUT", `no answer within ${timeoutMs} ms`);
  try {
    await withTimeLimit(check, { timeoutMs, onTimeout });
    return undefined;
  } catch (thrown) {
    const { code } = classifyProviderError(thrown, { provider: name, model: "health check" }, now());
    return isProviderFault(code) ? code : undefined;
  }
}
