// Signatures of webhooks, as https://www.standardwebhooks.com describes them: libraries for most languages check them.
import { createHmac } from "node:crypto";

const secretPrefix = "whsec_";

/** One for each tenant, derived from the deployment's, so that none has to be kept. */
export const webhookSecretOf = (deploymentSecret: string, tenant: string): string =>
  secretPrefix + createHmac("sha256", deploymentSecret).update(`webhooks of ${tenant}`).digest("base64");

export interface WebhookMessage {
  /** The same for every try. */
  readonly id: string;
  /** Seconds since the epoch; of this try. */
  readonly timestamp: number;
  readonly payload: string;
}

/** Receivers refuse what is older than some minutes, so that nobody can send it again later. */
export function webhookHeaders(secret: string, { id, timestamp, payload }: WebhookMessage): Record<string, string> {
  const key = Buffer.from(secret.slice(secretPrefix.length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${payload}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": `v1,${signature}` };
}
