// A tenant: whose requests are kept apart from those of others, and what holds for all of them.
import { z } from "zod";
import { sessionIdPattern } from "./request.ts";

export const tenantSettingsSchema = z.object({
  maxConnections: z.int().min(1).max(100_000).optional().describe("Connections at once; no limit when absent."),
});
export type TenantSettings = z.infer<typeof tenantSettingsSchema>;

export const tenantSchema = z.object({
  v: z.literal(1).default(1),
  name: z.string().regex(sessionIdPattern, "may hold letters, digits, - and _ only"),
  createdAt: z.number().describe("Milliseconds since the epoch."),
  /** As the server compares it; the password itself is shown once and not kept. */
  passwordHash: z.string(),
  settings: tenantSettingsSchema.default({}),
});
export type Tenant = z.infer<typeof tenantSchema>;
