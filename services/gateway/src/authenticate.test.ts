import type { GatewayKey } from "@nocp/contracts/gateway-key.ts";
import { provesKey } from "@nocp/contracts/key-proof.ts";
import { describe, expect, it } from "vitest";
import { type Access, createAuthentication } from "./authenticate.ts";

const noKeys = { find: () => undefined, isEmpty: true };
const open = { host: "127.0.0.1", apiKey: "", allowAnonymous: false, corsOrigins: [] as string[] };

describe("with a key", () => {
  const authenticate = createAuthentication({ ...open, host: "0.0.0.0", apiKey: "secret" }, noKeys, "secret");
  it.each([{ authorization: "Bearer secret" }, { authorization: "bearer secret" }, { "x-api-key": "secret" }])(
    "a call that has it gets in: %j",
    (headers) => expect(authenticate(headers)).toMatchObject({ access: { tenant: "default" } }),
  );
  it.each([{}, { authorization: "Bearer secre" }, { authorization: "secret" }, { "x-api-key": "" }])(
    "a call that has not does not: %j",
    (headers) => expect(authenticate(headers)).toMatchObject({ denial: { status: 401 } }),
  );
});

describe("without a key", () => {
  it.each(["0.0.0.0", "::", "192.168.1.4", "example.com", "128.0.0.1"])("the gateway does not listen on %s", (host) => {
    expect(() => createAuthentication({ ...open, host }, noKeys, "secret")).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIGURATION" }),
    );
  });
  it.each(["127.0.0.1", "127.8.8.8", "::1", "localhost"])("it listens on %s", (host) => {
    expect(createAuthentication({ ...open, host }, noKeys, "secret")({ host: "localhost:4000" })).toHaveProperty("access");
  });
  it.each(["evil.example:4000", "localhost.evil.example", "", "127.0.0.1.evil.example"])(
    "a browser's page under another name does not get in: %s",
    (host) => expect(createAuthentication(open, noKeys, "secret")({ host })).toMatchObject({ denial: { status: 403 } }),
  );
  it.each(["127.0.0.1:4000", "localhost", "[::1]:4000"])("a call to %s gets in", (host) => {
    expect(createAuthentication(open, noKeys, "secret")({ host })).toHaveProperty("access");
  });
});

describe("web pages of other origins", () => {
  const page = { host: "localhost:4000", origin: "https://evil.example" };
  it.each([[["https://evil.example"]], [[]]])(
    "get in without a key where their origins are listed or CORS is off: %j",
    (corsOrigins) => expect(createAuthentication({ ...open, corsOrigins }, noKeys, "secret")(page)).toHaveProperty("access"),
  );
  it("need a key where every page may call", () => {
    const authenticate = createAuthentication({ ...open, corsOrigins: ["*"], allowAnonymous: true }, noKeys, "secret");
    expect(authenticate(page)).toMatchObject({ denial: { status: 401 } });
    expect(authenticate({ ...page, origin: "null" })).toMatchObject({ denial: { status: 401 } });
    expect(authenticate({ ...page, origin: "http://localhost:4000" })).toHaveProperty("access");
    expect(authenticate({ host: "localhost:4000" })).toHaveProperty("access");
  });
});

describe("operators", () => {
  const admin: GatewayKey = {
    ...{ v: 1, id: "1", name: "n", digest: "0".repeat(64), tenant: "default", models: [], lanes: [] },
    ...{ compression: null, createdAt: 0, expiresAt: null, admin: true },
  };
  const keys = { find: (secret: string) => (secret === "nocp_admin" ? admin : undefined), isEmpty: true };
  const isOperator = (apiKey: string, headers: Record<string, string>): boolean => {
    const answer = createAuthentication({ ...open, apiKey }, keys, "secret")({ host: "localhost", ...headers });
    return "access" in answer && answer.access.admin === true;
  };
  it("have an admin key, or the one from the settings", () => {
    expect(isOperator("", { "x-api-key": "nocp_admin" })).toBe(true);
    expect(isOperator("from-settings", { "x-api-key": "from-settings" })).toBe(true);
  });
  it("are not those who call from this machine without one", () => {
    expect(isOperator("", {})).toBe(false);
    expect(isOperator("", { "x-api-key": "anything" })).toBe(false);
  });
  it("do not make the gateway open to the network by having a key", () => {
    expect(() => createAuthentication({ ...open, host: "0.0.0.0" }, keys, "secret")).toThrow(/there is no key/);
  });
});

describe("with keys of the store", () => {
  const known = { tenant: "a", models: ["openai/*"], lanes: [], compression: null };
  const keys = { find: (secret: string) => (secret === "nocp_a" ? { ...key, ...known } : undefined), isEmpty: false };
  const key: GatewayKey = {
    v: 1,
    id: "1",
    name: "n",
    digest: "0".repeat(64),
    createdAt: 0,
    expiresAt: null,
    ...known,
  } as GatewayKey;

  it("the key says what a caller may do, and localhost needs one as well", () => {
    const authenticate = createAuthentication(open, keys, "secret");
    expect(authenticate({ authorization: "Bearer nocp_a", host: "localhost" })).toMatchObject({ access: known });
    const { access } = authenticate({ authorization: "Bearer nocp_a" }) as { access: Access };
    expect(access.billed?.key).toBe(key.id);
    expect(provesKey("secret", known.tenant, key.id, access.billed?.keyProof)).toBe(true);
    expect(authenticate({ host: "localhost" })).toMatchObject({ denial: { status: 401 } });
    expect(authenticate({ authorization: "Bearer nocp_b", host: "localhost" })).toMatchObject({ denial: { status: 401 } });
  });

  it("the gateway may listen anywhere, and is not open when the last key is deleted", () => {
    let isEmpty = false;
    const authenticate = createAuthentication(
      { ...open, host: "0.0.0.0" },
      {
        find: () => undefined,
        get isEmpty() {
          return isEmpty;
        },
      },
      "secret",
    );
    isEmpty = true;
    expect(authenticate({ host: "localhost" })).toMatchObject({ denial: { status: 401 } });
  });
});
