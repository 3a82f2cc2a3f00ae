import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWebhookPost } from "./post-webhook.ts";
import { createWebhookAccess } from "./webhook-access.ts";

/** Paths that were called. */
const called: string[] = [];
const server = createServer(({ url = "" }, response) => {
  called.push(url);
  if (url === "/moved") response.writeHead(302, { location: "/elsewhere" });
  response.end();
});
let port = 0;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const post = (path: string, addresses: readonly string[], webhookAllowPrivate: readonly string[]) => {
  const access = createWebhookAccess({ webhookHosts: { "*": ["hooks.example:*"] }, webhookAllowPrivate })("ann");
  const resolve = async () => addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  const url = new URL(`http://hooks.example:${port}${path}`);
  return createWebhookPost(resolve)(url, access, {}, "{}", AbortSignal.timeout(30_000));
};

describe("a webhook's name", () => {
  it.each([
    [["127.0.0.1"]],
    [["10.1.2.3"]],
    [["169.254.169.254"]],
    [["::1"]],
    [["::ffff:127.0.0.1"]],
    [["fd00::1"]],
    [["93.184.216.34", "127.0.0.1"]],
  ])("that resolves to %j is not called", async (addresses) => {
    const before = called.length;
    await expect(post("/hook", addresses, [])).rejects.toMatchObject({ code: "HOST_NOT_ALLOWED" });
    expect(called).toHaveLength(before);
  });

  it("is called where it may be private, and a redirect is not followed", async () => {
    const before = called.length;
    expect(await post("/hook", ["127.0.0.1"], ["hooks.example"])).toBe(200);
    expect(await post("/moved", ["127.0.0.1"], ["hooks.example"])).toBe(302);
    expect(called.slice(before)).toEqual(["/hook", "/moved"]);
  });
});
