// A page to try the API: Swagger UI on the OpenAPI document, served from here alone. It needs no key; the calls it makes do.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { AddRoutes } from "../route-tools.ts";
import { withoutKey } from "../without-key.ts";

const root = "/nocp/";
const types = { html: "text/html", js: "text/javascript", css: "text/css" } as const;
type Extension = keyof typeof types;

/** Nothing is loaded from elsewhere, nor sent there; Swagger UI sets styles of its own. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const headers = {
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
};

const ownFolder = import.meta.dirname;

/** By the name in its address. */
const assets: Readonly<Record<string, () => string>> = {
  "page.js": () => join(ownFolder, "page.js"),
  "page.css": () => join(ownFolder, "page.css"),
  "swagger-ui-bundle.js": () => fileURLToPath(import.meta.resolve("swagger-ui-dist/swagger-ui-bundle.js")),
  "swagger-ui.css": () => fileURLToPath(import.meta.resolve("swagger-ui-dist/swagger-ui.css")),
};

interface LoadedFile {
  readonly plain: Buffer;
  readonly zipped: Buffer;
}

export const pageRoutes: AddRoutes = (app) => {
  const loaded = new Map<string, Promise<LoadedFile>>();
  const load = (path: string): Promise<LoadedFile> => {
    const known = loaded.get(path) ?? loadFile(path);
    loaded.set(path, known);
    return known;
  };
  const send = async (request: FastifyRequest, reply: FastifyReply, path: string): Promise<FastifyReply> => {
    const file = await load(path);
    const type = types[path.slice(path.lastIndexOf(".") + 1) as Extension];
    reply.headers(headers).header("vary", "accept-encoding").type(`${type}; charset=utf-8`);
    const takesZipped = String(request.headers["accept-encoding"] ?? "").includes("gzip");
    return takesZipped ? reply.header("content-encoding", "gzip").send(file.zipped) : reply.send(file.plain);
  };
  app.get("/", withoutKey, (_request, reply) => reply.redirect(root.slice(1)));
  app.get(root, withoutKey, (request, reply) => send(request, reply, join(ownFolder, "index.html")));
  for (const [name, pathOf] of Object.entries(assets))
    app.get(`${root}page/${name}`, withoutKey, (request, reply) => send(request, reply, pathOf()));
};

/** Kept once somebody has looked at the page. */
async function loadFile(path: string): Promise<LoadedFile> {
  const plain = await readFile(path);
  return { plain, zipped: await promisify(gzip)(plain) };
}
