import { createHmac } from "node:crypto";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { failedResultOf } from "@nocp/contracts/failed-result.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { describe, expect, it } from "vitest";
import { webhookSecretOf } from "./sign-webhook.ts";
import { checkWebhook, createWebhookAccess } from "./webhook-access.ts";
import { createWebhookWork, type WebhookJob } from "./webhook-work.ts";

const requestId = "8f14e45f-ceea-467f-a8f4-0000000000a1";
const result: NocpResult = failedResultOf({
  ...{ tenant: "ann", requestId, lane: "interactive", submittedAt: 0, completedAt: 1, journey: [], attempts: [], traceId: null },
  error: { code: "UNEXPECTED", message: "none" },
});
const job: WebhookJob = { tenant: "ann", requestId, url: "https://hooks.example.com/a", addedAt: 0, looks: 0, failures: 0 };
const now = 1_700_000_000_000;

interface Posted {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string;
}

interface Peers {
  readonly found: NocpResult | undefined;
  /** What the receiver answers; undefined when it cannot be reached. */
  readonly status: number | NocpError | undefined;
}

function workWith(peers: Partial<Peers> = {}) {
  const { found, status }: Peers = { found: result, status: 200, ...peers };
  const posted: Posted[] = [];
  const givenUp: string[] = [];
  const work = createWebhookWork({
    find: async () => found,
    post: async (url, _access, headers, payload) => {
      posted.push({ url: url.href, headers, payload });
      if (status instanceof NocpError) throw status;
      return status;
    },
    accessOf: createWebhookAccess({ webhookHosts: {}, webhookAllowPrivate: [] }),
    ...{ deploymentSecret: "s", maxAttempts: 3, now: () => now, random: () => 0 },
    onGivenUp: (_job, why) => givenUp.push(why),
  });
  const run = (more: Partial<WebhookJob> = {}) =>
    work({ body: { ...job, addedAt: now, ...more }, attempts: 1 }, new AbortController().signal);
  return { run, posted, givenUp };
}

describe("a webhook", () => {
  it("waits for the result, and looks less and less often", async () => {
    const { run, posted, givenUp } = workWith({ found: undefined });
    expect(await run()).toMatchObject({ notBefore: now + 1_000, body: { looks: 1 } });
    expect(await run({ looks: 3 })).toMatchObject({ notBefore: now + 8_000, body: { looks: 4 } });
    expect(await run({ addedAt: now - 3 * 86_400_000 })).toBe("finished");
    expect([posted, givenUp]).toEqual([[], ["the request has no result"]]);
  });

  it("is signed so that a receiver can tell who sent it, and when", async () => {
    const { run, posted } = workWith();
    expect(await run()).toBe("finished");
    const { headers, payload } = posted[0] as Posted;
    expect(JSON.parse(payload)).toMatchObject({ type: "request.failed", data: { id: requestId, status: "failed" } });
    const key = Buffer.from(webhookSecretOf("s", "ann").replace("whsec_", ""), "base64");
    const signed = `${requestId}.${Math.floor(now / 1000)}.${payload}`;
    expect(headers).toEqual({
      "webhook-id": requestId,
      "webhook-timestamp": String(Math.floor(now / 1000)),
      "webhook-signature": `v1,${createHmac("sha256", key).update(signed).digest("base64")}`,
    });
    expect(webhookSecretOf("s", "bob")).not.toBe(webhookSecretOf("s", "ann"));
  });

  it("is tried again with growing pauses, as often as the settings say", async () => {
    for (const status of [500, 429, 302, 404, undefined]) {
      const { run, givenUp } = workWith({ status });
      expect(await run()).toMatchObject({ notBefore: now + 2_500, body: { failures: 1 } });
      expect(await run({ failures: 1 })).toMatchObject({ notBefore: now + 5_000, body: { failures: 2 } });
      expect(await run({ failures: 2 })).toBe("finished");
      expect(givenUp).toHaveLength(1);
    }
  });

  it("ends at an address that is gone, or is no longer allowed", async () => {
    for (const status of [410, new NocpError("HOST_NOT_ALLOWED", "no")]) {
      const { run, givenUp } = workWith({ status });
      expect(await run()).toBe("finished");
      expect(givenUp).toHaveLength(1);
    }
  });
});

describe("the address of a webhook", () => {
  const accessOf = createWebhookAccess({
    webhookHosts: { "*": ["all.example.com"], ann: ["*.ann.example", "127.0.0.1:*", "10.0.0.1"] },
    webhookAllowPrivate: ["127.0.0.1"],
  });
  it("is one that the settings give to its tenant", () => {
    for (const url of ["https://all.example.com/x", "https://a.ann.example/?b", "http://127.0.0.1:81/"])
      expect(checkWebhook(url, accessOf("ann"))).toBe(url);
    const refused = ["https://other.example/", "http://10.0.0.1/", "ftp://all.example.com/", "https://u:p@all.example.com/", "x"];
    for (const url of refused) expect(() => checkWebhook(url, accessOf("ann"))).toThrow(/webhook\.url/);
    expect(() => checkWebhook("https://a.ann.example/", accessOf("bob"))).toThrow(/allowlist/);
  });

  // All that a tenant's list says is right about these: it is the address that is not.
  const anywhere = createWebhookAccess({
    webhookHosts: { "*": ["*.example", "127.0.0.1:*", "10.0.0.1", "[::1]:*", "[::ffff:7f00:1]", "[fd00::1]", "0.0.0.0"] },
    webhookAllowPrivate: [],
  })("ann");
  it.each([
    "http://127.0.0.1/",
    "http://127.1:9000/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://0x7f.0.0.1/",
    "http://10.0.0.1/",
    "http://0/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]:9000/",
    "http://[::ffff:127.0.0.1]/",
    "http://[fd00::1]/",
  ])("is not private in any way to write it: %s", (url) => {
    expect(() => checkWebhook(url, anywhere)).toThrow(/has a private address/);
  });

  it.each([["https://a.example:8443/"], ["https://ann@a.example/"], ["https://a.example@evil.test/"], ["file:///etc/passwd"]])(
    "has no other port, no credentials, no other host and no other scheme: %s",
    (url) => expect(() => checkWebhook(url, anywhere)).toThrow(/webhook\.url/),
  );
});
