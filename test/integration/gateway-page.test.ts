// The page that tries the API: complete in itself, and open to nobody but the gateway.
import { pageRoutes } from "@nocp/gateway/page/page-routes.ts";
import { expect, test } from "vitest";
import { createRoutesApp } from "../fixtures/gateway-routes.ts";

const app = createRoutesApp([pageRoutes]);
const get = (path: string) => app.call("GET", path, { as: "" });

test("has all its parts here, without a key", async () => {
  const page = await get("/nocp/");
  expect(page.status).toBe(200);
  const parts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address as string);
  const own = parts.filter((address) => !address.startsWith("data:"));
  expect(own).toHaveLength(4);
  for (const address of own) {
    const { status, text } = await get(new URL(address, "http://gateway/nocp/").pathname);
    expect([address, status]).toEqual([address, 200]);
    expect(text.length).toBeGreaterThan(100);
  }
});

test("is where the address of the gateway leads", async () => {
  expect((await get("/")).status).toBe(302);
});

test("may load and call nothing but the gateway", async () => {
  const { headers } = await get("/nocp/");
  const policy = String(headers["content-security-policy"]);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/);
});
