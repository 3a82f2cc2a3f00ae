// Tells a caller at once that its user belongs to another tenant: the broker itself keeps silent about what is not the user's.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { CallerBroker } from "@nocp/runtime/transport/caller-broker.ts";
import { isOfAnotherTenant } from "@nocp/runtime/transport/tenant-reach.ts";

/** @returns undefined as far as the broker lets the user act for the tenant, or nobody can tell. */
export async function foreignTenantError(broker: CallerBroker, tenant: string): Promise<NocpError | undefined> {
  if (!(await isOfAnotherTenant(broker, tenant))) return undefined;
  const { userName } = broker;
  return new NocpError("NOT_AUTHORIZED", `the NATS user ${userName} may not act for the tenant ${tenant}`, {
    advice: `Name ${userName} as the tenant, or connect as a user of ${tenant}: ./nocp tenants list.`,
  });
}
