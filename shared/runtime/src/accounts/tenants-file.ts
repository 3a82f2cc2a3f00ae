// .nocp/tenants.json: the tenants that the NATS server of this machine knows, beside `default`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type Tenant, tenantSchema } from "@nocp/contracts/tenant.ts";
import { z } from "zod";
import { replaceSecretFile } from "./secret-file.ts";

const fileSchema = z.object({ v: z.literal(1), tenants: z.array(tenantSchema) });

export const tenantsFileOf = (dataFolder: string): string => join(dataFolder, "tenants.json");

/** @returns none when there is no file. @throws NocpError INVALID_CONFIGURATION for one that cannot be read. */
export function readTenants(dataFolder: string): readonly Tenant[] {
  let text: string;
  try {
    text = readFileSync(tenantsFileOf(dataFolder), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw unreadable(dataFolder, error);
  }
  try {
    return fileSchema.parse(JSON.parse(text)).tenants;
  } catch (error) {
    throw unreadable(dataFolder, error);
  }
}

export const writeTenants = (dataFolder: string, tenants: readonly Tenant[]): void =>
  replaceSecretFile(tenantsFileOf(dataFolder), JSON.stringify({ v: 1, tenants }, null, 2));

/** To start without tenants would shut them out without a word. */
const unreadable = (dataFolder: string, cause: unknown): NocpError =>
  new NocpError("INVALID_CONFIGURATION", `cannot read the tenants in ${tenantsFileOf(dataFolder)}`, {
    advice: "Restore the file, or delete it and create the tenants again.",
    cause,
  });
