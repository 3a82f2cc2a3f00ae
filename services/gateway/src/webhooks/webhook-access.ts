// Which addresses a tenant may have told of its results.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { InvalidField } from "@nocp/models/server-api.ts";
import { checkUrl, type UrlAccess } from "@nocp/runtime/network/check-url.ts";

export interface WebhookSettings {
  /** Hosts by tenant; `*` stands for all tenants. */
  readonly webhookHosts: Readonly<Record<string, readonly string[]>>;
  readonly webhookAllowPrivate: readonly string[];
}

export type WebhookAccess = (tenant: string) => UrlAccess;

export const createWebhookAccess =
  ({ webhookHosts, webhookAllowPrivate }: WebhookSettings): WebhookAccess =>
  (tenant) => ({
    httpHosts: [...(webhookHosts["*"] ?? []), ...(webhookHosts[tenant] ?? [])],
    httpAllowPrivate: webhookAllowPrivate,
    privateSetting: "gateway.webhookAllowPrivate",
  });

/** @throws InvalidField for an address that would not be called. */
export function checkWebhook(text: string, access: UrlAccess): string {
  const url = URL.parse(text);
  if (url === null) throw new InvalidField("webhook.url", "is no URL");
  try {
    checkUrl(url, access);
  } catch (error) {
    if (!(error instanceof NocpError)) throw error;
    throw new InvalidField("webhook.url", `${error.message}; gateway.webhookHosts lists the hosts of each tenant`);
  }
  return url.href;
}
