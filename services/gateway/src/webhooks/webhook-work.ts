// The job of a webhook: waits for the result of its request, and tells it until the receiver has it.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { backoffMs } from "@nocp/contracts/retry.ts";
import type { RequestRef } from "@nocp/contracts/topology.ts";
import { z } from "zod";
import type { JobOutcome, JobWork } from "../jobs/job.ts";
import type { PostWebhook } from "./post-webhook.ts";
import { webhookHeaders, webhookSecretOf } from "./sign-webhook.ts";
import type { WebhookAccess } from "./webhook-access.ts";

export const webhookJobKind = "webhook";

export const webhookJobSchema = z.object({
  tenant: z.string(),
  requestId: z.string(),
  url: z.string(),
  addedAt: z.number(),
  /** How often its result was looked for. */
  looks: z.int().default(0),
  /** How often the receiver did not take it. */
  failures: z.int().default(0),
});
export type WebhookJob = z.infer<typeof webhookJobSchema>;

/** `.` sets parts apart; neither has one. */
export const webhookJobKey = ({ tenant, requestId }: RequestRef): string => `${webhookJobKind}.${tenant}.${requestId}`;

export interface WebhookWorkDependencies {
  readonly find: (request: RequestRef) => Promise<NocpResult | undefined>;
  readonly post: PostWebhook;
  readonly accessOf: WebhookAccess;
  readonly deploymentSecret: string;
  readonly maxAttempts: number;
  readonly now: () => number;
  readonly random: () => number;
  /** Hears of a webhook that is given up. */
  readonly onGivenUp: (job: WebhookJob, why: string) => void;
}

/** Usually a replica hears of the result, and looks at once; these are for when none does. */
const looking = { baseMs: 2_000, maxMs: 60_000 };
const trying = { baseMs: 5_000, maxMs: 3_600_000 };
/** No request runs for longer than a day. */
const longestWaitMs = 2 * 86_400_000;
/** The receiver has closed its address for good. */
const gone = 410;

export function createWebhookWork(dependencies: WebhookWorkDependencies): JobWork {
  const { find, accessOf, deploymentSecret, maxAttempts, now, random, onGivenUp } = dependencies;
  return async ({ body }, signal): Promise<JobOutcome> => {
    const job = webhookJobSchema.parse(body);
    const result = await find(job);
    if (result === undefined) {
      if (now() - job.addedAt > longestWaitMs) return giveUp(job, "the request has no result");
      return { notBefore: now() + backoffMs(job.looks + 1, looking, random()), body: { ...job, looks: job.looks + 1 } };
    }
    const payload = webhookPayload(result);
    const sentAt = Math.floor(now() / 1000);
    const headers = webhookHeaders(webhookSecretOf(deploymentSecret, job.tenant), {
      id: job.requestId,
      timestamp: sentAt,
      payload,
    });
    let status: number | undefined;
    try {
      status = await dependencies.post(new URL(job.url), accessOf(job.tenant), headers, payload, signal);
    } catch (error) {
      if (error instanceof NocpError) return giveUp(job, error.message);
      throw error;
    }
    if (status !== undefined && status >= 200 && status < 300) return "finished";
    const failures = job.failures + 1;
    if (status === gone) return giveUp(job, "the receiver says it is gone");
    if (failures >= maxAttempts) return giveUp(job, `${failures} attempts; the last status was ${status ?? "none"}`);
    return { notBefore: now() + backoffMs(failures, trying, random()), body: { ...job, failures } };
  };

  function giveUp(job: WebhookJob, why: string): JobOutcome {
    onGivenUp(job, why);
    return "finished";
  }
}

/** The same bytes for every try. */
const webhookPayload = (result: NocpResult): string =>
  writeJson({
    type: result.status === "failed" ? "request.failed" : "request.completed",
    timestamp: new Date(result.completedAt).toISOString(),
    data: { id: result.requestId, status: result.status, result },
  });
