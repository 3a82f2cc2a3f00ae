// Every route of the gateway: described in the OpenAPI document, closed to callers without a key, and steady on nonsense.

import { createSessions } from "@nocp/client/sessions.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import { gatewaySection } from "@nocp/gateway/config.ts";
import { openRoutes } from "@nocp/gateway/open-routes.ts";
import type { Operation } from "@nocp/gateway/openapi/operation.ts";
import { operations } from "@nocp/gateway/openapi/operations.ts";
import type { AddRoutes } from "@nocp/gateway/route-tools.ts";
import { createLocalState } from "@nocp/runtime/stores/shared-state.ts";
import type { CallerBroker } from "@nocp/runtime/transport/caller-broker.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMemoryRecords, createRoutesApp, operator, type RoutesApp } from "../fixtures/gateway-routes.ts";
import { createMemoryChunks, createMemoryOperatorBroker, createMemoryRevisions } from "../fixtures/memory-stores.ts";

const seen: string[] = [];
const remember: AddRoutes = (app) => {
  app.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat()) if (one !== "HEAD") seen.push(`${one.toLowerCase()} ${url}`);
  });
};
/** Of another origin. */
const page = "https://app.example.com";
const release: (() => Promise<void>)[] = [];
let app: RoutesApp;
beforeAll(async () => {
  const never = () => Promise.reject(new NocpError("NOT_CONNECTED", "there is no queue"));
  const routes = await openRoutes({
    records: async () => createMemoryRecords(),
    broker: {
      ...createMemoryOperatorBroker(never),
      ...{ revisions: async () => createMemoryRevisions(), chunks: async () => createMemoryChunks() },
    },
    durableState: async () => createLocalState(),
    onRelease: (end) => release.push(end),
    secret: async () => "secret",
    archive: { put: never, get: never, list: never },
    queue: {
      ...{ submit: never, cancel: never, record: never, find: async () => undefined, wait: async () => undefined },
      ...{ watch: () => ({ complete: () => undefined, end: () => undefined }), onResult: () => () => undefined },
      deadLetters: { list: never, show: never, redrive: never, drop: never },
      sessions: createSessions({ sessionRecords: never } as unknown as CallerBroker),
    },
    settings: defaultsOf(gatewaySection),
    logger: { warn: () => undefined },
    openCompression: never,
    ...{ defaultModel: "gpt-5", breakerWindowMs: 60_000 },
    config: { section: defaultsOf },
  });
  app = createRoutesApp([remember, ...routes], [page]);
});
afterAll(async () => {
  for (const end of release) await end();
});

const nameOf = ({ method, path }: Operation): string => `${method} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
const urlOf = ({ path }: Operation, value: string): string => path.replaceAll(/\{\w+\}/g, value);
const methodOf = ({ method }: Operation) => method.toUpperCase() as "GET" | "POST" | "PUT" | "DELETE";

describe("every route", () => {
  test("is in the OpenAPI document", async () => {
    const { body } = await app.call("GET", "/nocp/v1/openapi.json");
    const described = new Set(operations.map(nameOf));
    expect(seen.length).toBeGreaterThan(15);
    // Parts of the page are nobody's to call.
    const isPartOfPage = (route: string) => route === "get /" || route.startsWith("get /nocp/page/") || route === "options *";
    expect(seen.filter((route) => !described.has(route) && !isPartOfPage(route))).toEqual([]);
    expect(Object.keys(body.paths).length).toBe(new Set(operations.map(({ path }) => path)).size);
  });

  test.each(operations.filter(({ isPublic }) => !isPublic).map((operation) => [nameOf(operation), operation] as const))(
    "%s wants a key",
    async (_name, operation) => {
      const answer = await app.call(methodOf(operation), urlOf(operation, "x"), {
        as: "",
        ...(operation.method === "post" ? { body: {} } : {}),
      });
      expect(answer.status).toBe(401);
    },
  );

  test.each(operations.map((operation) => [nameOf(operation), operation] as const))(
    "%s is open to a listed page of another origin, unless it is for operators",
    async (_name, operation) => {
      const asked = await app.call("OPTIONS", urlOf(operation, "x"), {
        as: "",
        headers: { origin: page, "access-control-request-method": methodOf(operation) },
      });
      const called = await app.call(methodOf(operation), urlOf(operation, "x"), { as: "", headers: { origin: page } });
      const isOpen = operation.isForOperators !== true;
      expect([asked, called].map(({ headers }) => headers["access-control-allow-origin"])).toEqual(
        isOpen ? [page, page] : [undefined, undefined],
      );
      expect(asked.status).toBe(isOpen ? 204 : 401);
    },
  );

  const forOperators = operations.filter(({ isForOperators }) => isForOperators);
  test.each(forOperators.map((operation) => [nameOf(operation), operation] as const))(
    "%s wants the key of an operator",
    async (_name, operation) => {
      const { status, body } = await app.call(methodOf(operation), urlOf(operation, "x"), operation.body ? { body: {} } : {});
      expect([status, body.error.code]).toEqual([403, "forbidden"]);
    },
  );

  test.each(
    operations.filter(({ answerType }) => answerType === undefined).map((operation) => [nameOf(operation), operation] as const),
  )("%s refuses nonsense, and does not fail over it", async (_name, operation) => {
    const nonsense = [[], {}, { model: 7, messages: {}, input: 7 }, { model: "", messages: [{}], webhook: 1, hash: {} }];
    const ids = ["x", "%00", "*", "a.b", "..%2F..", "x".repeat(300), "00000000-0000-0000-0000-000000000000"];
    const as = operation.isForOperators ? operator : "default";
    const bodies = operation.body || operation.takesForm ? nonsense : [undefined];
    for (const body of bodies)
      for (const id of operation.path.includes("{") ? ids : ["x"]) {
        const query = operation.query ? "?limit=x&after=%00&wait_ms=-1&order=9" : "";
        const { status } = await app.call(methodOf(operation), `${urlOf(operation, id)}${query}`, {
          as,
          ...(body ? { body } : {}),
        });
        // 503: the queue that there is not would have been asked.
        expect([body, id, status < 500 || status === 503]).toEqual([body, id, true]);
      }
  });
});
