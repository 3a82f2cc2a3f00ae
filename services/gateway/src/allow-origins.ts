// CORS: which web pages may call the HTTP API from a browser. None, unless the deployment lists them.
import cors from "@fastify/cors";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";

declare module "fastify" {
  interface FastifyContextConfig {
    /** False for routes that no page of another origin may call. */
    readonly cors?: false;
  }
}

/** Every page. */
export const anyOrigin = "*";

/** An origin in the one spelling that browsers send: others would never match. */
const isOrigin = (text: string): boolean => {
  const { host, origin } = URL.parse(text) ?? {};
  if (host === undefined || host === "" || text.includes("*")) return false;
  return /^https?:/.test(text) ? text === origin : /^[a-z][a-z0-9+.-]*:\/\/[^/\s?#]+$/.test(text);
};

export const originSchema = z
  .string()
  .refine((text) => text === anyOrigin || isOrigin(text), "must be an origin such as https://app.example.com, or *");

/** What browsers ask before a call is asked again after this. */
const preflightSeconds = 600;
const methods = ["GET", "HEAD", "POST", "DELETE"];

/**
 * To be awaited before other hooks are added: pages read refusals, too. Cookies and other credentials of browsers are never
 * allowed, so pages may be shown all headers. Routes with `cors: false` answer as if there was no CORS.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  const origin = origins.includes(anyOrigin) ? anyOrigin : [...origins];
  const isClosed = closedRoutesOf(app);
  await app.register(cors, {
    delegator: (request, done) =>
      done(null, {
        origin: isClosed(request) ? false : origin,
        ...{ methods, exposedHeaders: "*", credentials: false, maxAge: preflightSeconds },
      }),
  });
  // Streams are written past fastify's reply.
  app.addHook("onRequest", async (_request, reply) => {
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
  });
}

/** Whether a browser asks before it calls a route with `cors: false`: its question is routed elsewhere. */
function closedRoutesOf(app: FastifyInstance): (request: FastifyRequest) => boolean {
  const closed: { readonly methods: readonly string[]; readonly pattern: RegExp }[] = [];
  app.addHook("onRoute", ({ method, url, config }) => {
    if (config?.cors !== false) return;
    const pattern = new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/:\w+/g, "[^/]+")}/?$`);
    closed.push({ methods: [method].flat(), pattern });
  });
  return ({ method, url, headers }) => {
    if (method !== "OPTIONS") return false;
    const wanted = String(headers["access-control-request-method"] ?? "");
    const path = url.split("?")[0] ?? url;
    return closed.some(({ methods, pattern }) => methods.includes(wanted) && pattern.test(path));
  };
}
