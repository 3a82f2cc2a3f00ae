// Routes that anybody may call: they tell what is public, and do nothing.
import type { FastifyRequest } from "fastify";

declare module "fastify" {
  interface FastifyContextConfig {
    readonly isPublic?: true;
  }
}

/** Options of a route that needs no key. */
export const withoutKey = { config: { isPublic: true } } as const;

export const needsNoKey = ({ routeOptions }: FastifyRequest): boolean => routeOptions.config.isPublic === true;
