import { type FastifyInstance, fastify } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { allowOrigins, originSchema } from "./allow-origins.ts";

const page = "https://app.example.com";
const stranger = "https://evil.example";

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

/** With a call, a stream that is written past fastify's reply, an endpoint for operators, and nothing without a key. */
async function appFor(origins: readonly string[]): Promise<FastifyInstance> {
  app = fastify();
  await allowOrigins(app, origins);
  app.addHook("onRequest", async ({ headers }, reply) => {
    if (headers.authorization === undefined) return reply.code(401).send({ error: "no key" });
  });
  app.post("/call", async () => ({ done: true }));
  app.post("/stream", (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { "content-type": "text/event-stream", "x-nocp-request-id": "1" }).end("data: 1\n\n");
  });
  app.delete("/keys/:id/old.one", { config: { cors: false } }, async () => ({ deleted: true }));
  return app;
}

async function call(origins: readonly string[], path: string, headers: Readonly<Record<string, string>>) {
  const method = path.startsWith("/keys") ? "DELETE" : "POST";
  const response = await (await appFor(origins)).inject({ method, url: path, headers });
  return { status: response.statusCode, headers: response.headers };
}

async function ask(origins: readonly string[], path: string, origin: string, method = "POST") {
  const headers = {
    origin,
    "access-control-request-method": method,
    "access-control-request-headers": "authorization,x-nocp-tier",
  };
  const response = await (await appFor(origins)).inject({ method: "OPTIONS", url: path, headers });
  return { status: response.statusCode, headers: response.headers };
}

const corsHeaders = (headers: object): string[] => Object.keys(headers).filter((name) => name.startsWith("access-control-"));

describe("a browser that asks whether a page may call", () => {
  it("is told yes for a listed origin, with whatever headers the page wants to send, and without a key", async () => {
    const { status, headers } = await ask([stranger, page], "/call", page);
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      "access-control-allow-origin": page,
      "access-control-allow-methods": "GET, HEAD, POST, DELETE",
      "access-control-allow-headers": "authorization,x-nocp-tier",
      "access-control-max-age": "600",
    });
    expect(String(headers.vary).toLowerCase()).toContain("origin");
    expect(String(headers.vary).toLowerCase()).toContain("access-control-request-headers");
    expect(headers).not.toHaveProperty("access-control-allow-credentials");
  });

  it.each(["null", stranger, `${page}.evil.example`, "http://app.example.com", `${page}:8443`])(
    "is not told yes for %s, which is not listed",
    async (origin) => expect((await ask([page], "/call", origin)).headers).not.toHaveProperty("access-control-allow-origin"),
  );

  it("is told yes for every origin with *, and never that cookies may be sent", async () => {
    const { headers } = await ask(["*"], "/call", stranger);
    expect(headers["access-control-allow-origin"]).toBe("*");
    expect(headers).not.toHaveProperty("access-control-allow-credentials");
  });

  it.each([[["*"]], [[page]]])("is never told yes for an endpoint for operators: %j", async (origins) => {
    const { status, headers } = await ask(origins, "/keys/a/old.one?x=1", page, "DELETE");
    expect([status, corsHeaders(headers)]).toEqual([401, []]);
  });

  it("is told nothing where no origin is listed", async () => {
    const { status, headers } = await ask([], "/call", page);
    expect([status, corsHeaders(headers)]).toEqual([401, []]);
  });
});

describe("a page's call", () => {
  const authorization = "Bearer x";
  it.each([
    ["/call", { authorization }, 200],
    ["/stream", { authorization }, 200],
    ["/call", {}, 401],
    ["/nothing", { authorization }, 404],
  ])("may be read with all its headers, streams and refusals too: %s %j", async (path, sent, expected) => {
    const { status, headers } = await call([page], path, { origin: page, ...sent });
    expect(status).toBe(expected);
    expect(headers).toMatchObject({ "access-control-allow-origin": page, "access-control-expose-headers": "*", vary: "Origin" });
  });

  it("of an origin that is not listed says that it depends on the origin, so that caches do not mix them up", async () => {
    const { headers } = await call([page], "/call", { origin: stranger, authorization });
    expect(headers).toMatchObject({ vary: "Origin" });
    expect(headers).not.toHaveProperty("access-control-allow-origin");
  });

  it("of an endpoint for operators may not be read", async () => {
    const { status, headers } = await call(["*"], "/keys/a/old.one", { origin: page, authorization });
    expect([status, corsHeaders(headers)]).toEqual([200, []]);
  });
});

describe("an origin", () => {
  it.each(["*", page, "http://localhost:3000", "http://[::1]:3000", "chrome-extension://abcdef", "tauri://localhost"])(
    "may be %s",
    (origin) => expect(originSchema.safeParse(origin).success).toBe(true),
  );
  it.each([
    "",
    "null",
    "app.example.com",
    `${page}/`,
    `${page}/path`,
    "https://App.example.com",
    `${page}:443`,
    "https://*.example.com",
    "file://",
  ])("that no browser sends is refused: %j", (origin) => expect(originSchema.safeParse(origin).success).toBe(false));
});
