// Whether a server lets a tenant in, and whether the tenant's account is connected to that of the services.
import type { NatsConnection } from "@nats-io/nats-core";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import { resultSubject, resultsStream } from "@nocp/contracts/topology.ts";
import type { natsSection } from "../config/sections.ts";
import { connectToNats } from "./connect.ts";

/** `refused`: no such user. `apart`: let in, but what it asks reaches nobody, as where there are no streams yet. */
export type TenantReach = "refused" | "apart" | "connected";

const connectTimeoutMs = 5_000;
/** The broker is asked for nothing that it would have to look for. */
const answerTimeoutMs = 1_000;
/** Any will do: the broker answers that there is no such result. */
const requestId = "00000000-0000-7000-8000-000000000000";

/** @param nats with the tenant's user, who is called as the tenant is. @throws NocpError NOT_CONNECTED when no server answers. */
export async function tenantReach(nats: SectionValues<typeof natsSection>): Promise<TenantReach> {
  try {
    const connection = await connectToNats(nats, { name: "nocp-tenant-check", firstConnectTimeoutMs: connectTimeoutMs });
    try {
      return (await reachesResults(connection, nats.user)) ? "connected" : "apart";
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (error instanceof NocpError && error.code === "NOT_AUTHORIZED") return "refused";
    throw error;
  }
}

/**
 * Whether the connection's user is the one of another tenant: to the broker, what it asks for this one looks as if there were
 * no streams. A tenant's user is called as the tenant is; of a user without a name nobody knows.
 */
export async function isOfAnotherTenant(
  { connection, userName }: { readonly connection: NatsConnection; readonly userName: string },
  tenant: string,
): Promise<boolean> {
  if (userName === "" || userName === tenant) return false;
  const [own, wanted] = await Promise.all([userName, tenant].map((one) => reachesResults(connection, one)));
  return own === true && wanted === false;
}

/** An old server is silent where a current one says that nobody listens. */
const reachesResults = (connection: NatsConnection, tenant: string): Promise<boolean> =>
  connection
    .request(`$JS.API.DIRECT.GET.${resultsStream}.${resultSubject({ tenant, requestId })}`, undefined, {
      timeout: answerTimeoutMs,
    })
    .then(
      () => true,
      () => false,
    );
