// Webhooks of requests: added when a request is submitted, and delivered by whichever replica is there.
import type { RequestQueue } from "@nocp/client/request-queue.ts";
import type { RequestRef } from "@nocp/contracts/topology.ts";
import type { JobRunner } from "../jobs/run-jobs.ts";
import { webhookSecretOf } from "./sign-webhook.ts";
import { checkWebhook, type WebhookAccess } from "./webhook-access.ts";
import { webhookJobKey, webhookJobKind } from "./webhook-work.ts";

export interface Webhooks {
  /** @returns the address as it is called. @throws InvalidField for one that would not be called. */
  check(tenant: string, url: string): string;
  /** Tells the address of the request's result, now or when it comes. */
  add(request: RequestRef, url: string): Promise<void>;
  /** With which a tenant checks what it receives. */
  secretOf(tenant: string): string;
}

export interface WebhooksDependencies {
  readonly jobs: JobRunner;
  readonly queue: Pick<RequestQueue, "onResult">;
  readonly accessOf: WebhookAccess;
  readonly deploymentSecret: string;
  readonly now: () => number;
}

/** Requests whose results this process listens for, to look at once; for the others it looks every now and then. */
const mostListened = 10_000;
const longestListenedMs = 3_600_000;

export function createWebhooks({ jobs, queue, accessOf, deploymentSecret, now }: WebhooksDependencies): Webhooks {
  let listened = 0;
  const listen = (request: RequestRef, onResult: () => void): void => {
    if (listened >= mostListened) return;
    listened++;
    const end = () => {
      clearTimeout(timer);
      listened--;
    };
    const stop = queue.onResult(request, () => {
      end();
      onResult();
    });
    // Its result may have come before.
    const timer = setTimeout(() => {
      stop();
      end();
    }, longestListenedMs).unref();
  };
  return {
    check: (tenant, url) => checkWebhook(url, accessOf(tenant)),
    async add(request, url) {
      const key = webhookJobKey(request);
      listen(request, () => jobs.nudge(key));
      await jobs.add(key, webhookJobKind, { ...request, url, addedAt: now() });
    },
    secretOf: (tenant) => webhookSecretOf(deploymentSecret, tenant),
  };
}
