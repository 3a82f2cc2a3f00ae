// Fields as the HTTP API writes them.
import { z } from "zod";

/** `costUsd` → `cost_usd` */
export const snakeName = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The fields of an object, but not what they hold, under the names that the API has for them. */
export const inSnakeCase = (value: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([name, field]) => [snakeName(name), field]));

/** What `inSnakeCase` makes of what the schema describes. */
export const snakeCased = (schema: z.ZodObject): z.ZodObject =>
  z.object(Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [snakeName(name), field])));
