import { allowsModel, digestOfKey, type GatewayKey } from "@nocp/contracts/gateway-key.ts";
import { describe, expect, it } from "vitest";
import { openKeyRing } from "./key-ring.ts";

const key = (secret: string, more: Partial<GatewayKey> = {}): GatewayKey => ({
  v: 1,
  id: secret,
  name: secret,
  digest: digestOfKey(secret),
  tenant: "default",
  models: [],
  lanes: [],
  compression: null,
  createdAt: 0,
  expiresAt: null,
  ...more,
});

it("finds keys that are valid now, follows changes, and stops", async () => {
  let tell: (digest: string, found: GatewayKey | undefined) => void = () => {};
  let isWatching = true;
  let now = 0;
  const store = {
    watch: async (onChange: typeof tell) => {
      tell = onChange;
      tell(digestOfKey("a"), key("a", { expiresAt: 100 }));
      return () => {
        isWatching = false;
      };
    },
  };
  const ring = await openKeyRing(store, () => now);
  expect(ring.find("a")?.name).toBe("a");
  expect(ring.find("b")).toBeUndefined();
  now = 100;
  expect(ring.find("a")).toBeUndefined();
  expect(ring.isEmpty).toBe(false);
  tell(digestOfKey("b"), key("b"));
  expect(ring.find("b")?.name).toBe("b");
  tell(digestOfKey("a"), undefined);
  tell(digestOfKey("b"), undefined);
  expect([ring.find("b"), ring.isEmpty]).toEqual([undefined, true]);
  ring.stop();
  expect(isWatching).toBe(false);
});

describe("the models of a key", () => {
  it.each([
    [[], "anything", true],
    [["a/b"], "a/b", true],
    [["a/b"], "a/bc", false],
    [["a/*"], "a/bc", true],
    [["a/*"], "ab/c", false],
    [["*"], "x", true],
    [["a/*", "nocp/auto"], "nocp/auto", true],
  ])("%j allow %s: %s", (models, model, isAllowed) => {
    expect(allowsModel({ models }, model)).toBe(isAllowed);
  });
});

it("takes a key of an operator for no caller's: it closes nothing", async () => {
  const store = {
    watch: async (tell: (digest: string, found: GatewayKey) => void) => {
      tell(digestOfKey("op"), key("op", { admin: true }));
      return () => undefined;
    },
  };
  const ring = await openKeyRing(store, () => 0);
  expect([ring.isEmpty, ring.find("op")?.admin]).toEqual([true, true]);
});
