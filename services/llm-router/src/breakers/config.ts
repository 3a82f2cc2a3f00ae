// The settings of the breakers.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";

const second = 1_000;
const share = z.number().gt(0).max(1);

const healthCheckSchema = z.strictObject({
  intervalMs: z.int().min(second),
  timeoutMs: z
    .int()
    .min(1)
    .default(5 * second),
  failures: z.int().min(1).default(3),
});

export const breakersSection = defineSection("breakers", {
  enabled: setting(z.boolean(), true, "Whether a model that keeps failing is not called for a while."),
  windowMs: setting(z.int().min(second), 60 * second, "How far back calls are counted, in milliseconds."),
  minimumCalls: setting(z.int().min(1), 10, "With fewer calls in the window, a breaker stays closed."),
  failureRate: setting(share, 0.5, "Share of failed calls at which a breaker opens."),
  slowRate: setting(
    share,
    0.8,
    "Share of slow calls at which a breaker opens (1: only if all calls are slow). A call is slow when its first piece came later than the provider's ttftMs allows while another candidate is left.",
  ),
  openMs: setting(
    z.int().min(1),
    5 * second,
    "How long a breaker is open at first, in milliseconds; twice as long after each failed probe.",
  ),
  maxOpenMs: setting(z.int().min(1), 120 * second, "Longest time that a breaker is open, in milliseconds."),
  healthChecks: setting(
    z.record(z.string(), healthCheckSchema),
    {},
    'Providers to check at intervals, with a call that costs nothing (their list of models), e.g. {"openai":{"intervalMs":30000}}. One replica checks for all. After `failures` (3) checks in a row without an answer within `timeoutMs` (5,000), no model of the provider is called until a check passes.',
  ),
  probes: setting(z.int().min(1).max(100), 3, "Calls that must succeed, of all replicas together, before a breaker closes."),
});
