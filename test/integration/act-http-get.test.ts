import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { ActSettings } from "@nocp/act/config.ts";
import { parseArguments } from "@nocp/act/tool-registry.ts";
import { createHttpGet } from "@nocp/act/tools/http-get.ts";
import type { ResolveHost } from "@nocp/runtime/network/checked-lookup.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { actTestContext } from "../fixtures/act-test-tool.ts";

let server: Server;
let port: number;
/** Paths that were asked for; what must not be reached must not be here. */
const asked: string[] = [];

const answers: Record<string, (response: ServerResponse) => void> = {
  "/text": (response) => response.setHeader("content-type", "text/plain; charset=iso-8859-1").end(Buffer.from([0xe4])),
  "/json": (response) => response.setHeader("content-type", "application/problem+json").end('{"a": 1}'),
  "/picture": (response) => response.setHeader("content-type", "image/png").end("png"),
  "/gone": (response) => response.writeHead(404).end(),
  "/busy": (response) => response.writeHead(503, { "retry-after": "2" }).end(),
  "/big": (response) => response.setHeader("content-type", "text/plain").end("x".repeat(2_000_000)),
  "/bomb": (response) =>
    response.writeHead(200, { "content-type": "text/plain", "content-encoding": "gzip" }).end(gzipSync("x".repeat(50_000_000))),
  "/small-gzip": (response) =>
    response.writeHead(200, { "content-type": "text/plain", "content-encoding": "gzip" }).end(gzipSync("hello")),
  "/twice": (response) =>
    response.writeHead(200, { "content-type": "text/plain", "content-encoding": "gzip, gzip" }).end(gzipSync(gzipSync("hello"))),
  "/two-headers": (response) =>
    response
      .setHeader("content-type", "text/plain")
      .appendHeader("content-encoding", "gzip")
      .appendHeader("content-encoding", "br")
      .end(brotliCompressSync(gzipSync("hello"))),
  "/zstd": (response) => response.writeHead(200, { "content-type": "text/plain", "content-encoding": "zstd" }).end("?"),
  "/inherited": (response) =>
    response.writeHead(200, { "content-type": "text/plain", "content-encoding": "constructor" }).end("hello"),
  "/loop": (response) => response.writeHead(302, { location: "/loop" }).end(),
  "/to-json": (response) => response.writeHead(302, { location: "/json" }).end(),
  "/hang": () => {},
  "/drip": (response) => {
    response.writeHead(200, { "content-type": "text/plain" }).write("a");
  },
};

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const redirect = /^\/redirect\?(.*)$/.exec(path)?.[1];
    if (redirect !== undefined) response.writeHead(302, { location: decodeURIComponent(redirect) }).end();
    else if (answers[path]) answers[path](response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => {
  asked.length = 0;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Names as the tests need them; everything leads to the test's own server or nowhere. */
const resolveHost: ResolveHost = async (hostname) => {
  const addresses: Record<string, string[]> = {
    "intranet.test": ["127.0.0.1"],
    "rebinding.test": ["127.0.0.1"],
    "mixed.test": ["93.184.216.34", "127.0.0.1"],
    "mapped.test": ["::ffff:127.0.0.1"],
    "metadata.test": ["169.254.169.254"],
  };
  return (addresses[hostname] ?? []).map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
};

const get = (url: string, changed: Partial<ActSettings> = {}, overrides: Parameters<typeof actTestContext>[1] = {}) => {
  const tool = createHttpGet(resolveHost);
  const input = parseArguments(tool as never, { url }) as Parameters<typeof tool.run>[0];
  return tool.run(input, actTestContext({ ...intranet(), ...changed }, overrides)) as Promise<Record<string, unknown>>;
};
const intranet = (): Partial<ActSettings> => ({ httpHosts: ["*.test:*"], httpAllowPrivate: ["intranet.test"] });
const at = (host: string, path: string): string => `http://${host}:${port}${path}`;
const inside = (path: string): string => at("intranet.test", path);

describe("http.get returns", () => {
  test("text in the charset the server names, and JSON as data", async () => {
    expect(await get(inside("/text"))).toMatchObject({ status: 200, content: "ä" });
    expect(await get(inside("/json"))).toMatchObject({ content: { a: 1 } });
    expect(await get(inside("/small-gzip"))).toMatchObject({ content: "hello" });
  });

  test("where a redirect ends", async () => {
    expect(await get(inside("/to-json"))).toMatchObject({ url: inside("/json"), content: { a: 1 } });
  });
});

describe("http.get refuses", () => {
  test("every host as long as none is allowed", async () => {
    await expect(get(inside("/text"), { httpHosts: [] })).rejects.toMatchObject({ code: "HOST_NOT_ALLOWED" });
    expect(asked).toEqual([]);
  });

  const everyHost = ["localhost", "127.0.0.1", "[::1]", "[::ffff:7f00:1]", "169.254.169.254", "0.0.0.0", "[::]"].map(
    (host) => `${host}:*`,
  );
  test.each([
    ["an address of its own machine", () => at("127.0.0.1", "/text")],
    ["the same in decimal", () => at("2130706433", "/text")],
    ["the same in octal", () => at("0177.0.0.1", "/text")],
    ["the same in hexadecimal and short", () => at("0x7f.1", "/text")],
    ["the same as IPv6", () => at("[::1]", "/text")],
    ["the same as IPv4 in IPv6", () => at("[::ffff:127.0.0.1]", "/text")],
    ["the unspecified address", () => at("0.0.0.0", "/text")],
    ["the unspecified address of IPv6", () => at("[::]", "/text")],
    ["the address where clouds keep credentials", () => "http://169.254.169.254/latest/meta-data/"],
    ["a name that resolves to its own machine", () => at("rebinding.test", "/text")],
    ["a name that resolves to that among others", () => at("mixed.test", "/text")],
    ["a name that resolves to IPv4 in IPv6", () => at("mapped.test", "/text")],
    ["a name that resolves to a cloud's credentials", () => at("metadata.test", "/text")],
  ])("%s, even on the allow-list", async (_what, url) => {
    await expect(get(url(), { httpHosts: [...everyHost, "*.test:*"] })).rejects.toMatchObject({ code: "HOST_NOT_ALLOWED" });
    expect(asked).toEqual([]);
  });

  test("localhost by name, through the system's own resolution", async () => {
    const { default: httpGet } = await import("@nocp/act/tools/http-get.ts");
    const running = httpGet.run({ url: at("localhost", "/text"), parse: "auto" }, actTestContext({ httpHosts: ["localhost:*"] }));
    await expect(running).rejects.toMatchObject({ code: "HOST_NOT_ALLOWED" });
    expect(asked).toEqual([]);
  });

  test.each([
    ["an address of its own machine", () => at("127.0.0.1", "/text")],
    ["a name that resolves to it", () => at("rebinding.test", "/text")],
    ["a host that is not on the list", () => "http://example.com/"],
    ["another scheme", () => "file:///etc/passwd"],
    ["credentials", () => `http://user:password@intranet.test:${port}/text`],
  ])("a redirect to %s", async (_what, target) => {
    const start = inside(`/redirect?${encodeURIComponent(target())}`);
    await expect(get(start, { httpHosts: ["*.test:*", "127.0.0.1:*"] })).rejects.toMatchObject({ code: "HOST_NOT_ALLOWED" });
    expect(asked).toHaveLength(1);
  });

  test("redirects without end", async () => {
    await expect(get(inside("/loop"))).rejects.toMatchObject({ code: "TOOL_REFUSED" });
    expect(asked).toHaveLength(6);
  });

  test.each([
    ["more than the limit", "/big", "TOOL_OUTPUT_TOO_LARGE"],
    ["little that unpacks to more than the limit", "/bomb", "TOOL_OUTPUT_TOO_LARGE"],
    ["what is not text", "/picture", "TOOL_REFUSED"],
    ["an answer that will stay as it is", "/gone", "TOOL_REFUSED"],
  ])("%s", async (_what, path, code) => {
    await expect(get(inside(path))).rejects.toMatchObject({ code });
  });

  test.each([
    ["/twice", "gzip, gzip"],
    ["/two-headers", "gzip, br"],
    ["/zstd", "zstd"],
    ["/inherited", "constructor"],
  ])("%s, whose encoding is %s, and names it", async (path, encoding) => {
    await expect(get(inside(path))).rejects.toMatchObject({
      code: "TOOL_REFUSED",
      message: expect.stringContaining(`"${encoding}"`),
    });
  });

  test.each([
    ["file:///etc/passwd"],
    ["ftp://example.com/"],
    ["http://user:secret@example.com/"],
    ["example.com"],
    ["http://"],
    ["javascript:1"],
  ])("the URL %s, naming the argument and not what it holds", (url) => {
    const parse = () => parseArguments(createHttpGet(resolveHost) as never, { url });
    expect(parse).toThrow(/url: must be an http or https URL/);
    expect(parse).not.toThrow(/secret/);
  });
});

describe("http.get reports as passing", () => {
  test("a server that is busy, with the wait it asks for", async () => {
    await expect(get(inside("/busy"))).rejects.toMatchObject({ code: "TOOL_FAILED", retryAfterMs: 2000, disposition: "retry" });
  });
  test("a host that has no address, and one that does not answer", async () => {
    await expect(get(at("nowhere.test", "/"))).rejects.toMatchObject({ code: "TOOL_FAILED" });
    await expect(get("http://intranet.test:1/")).rejects.toMatchObject({ code: "TOOL_FAILED" });
  });
});

test.each([["/hang"], ["/drip"]])("a server that never finishes (%s) ends with the signal", async (path) => {
  const ending = new AbortController();
  const running = get(inside(path), {}, { signal: ending.signal });
  setTimeout(() => ending.abort(new Error("time is up")), 200);
  await expect(running).rejects.toThrow("time is up");
});
