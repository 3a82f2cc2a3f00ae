// Whether a server lets a tenant in, and whether the tenant's account is connected to that of the services.
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
  const subject = `$JS.API.DIRECT.GET.${resultsStream}.${resultSubject({ tenant: nats.user, requestId })}`;
  try {
    const connection = await connectToNats(nats, { name: "nocp-tenant-check", firstConnectTimeoutMs: connectTimeoutMs });
    try {
      // An old server is silent where a current one says that nobody listens.
      const answer = connection.request(subject, undefined, { timeout: answerTimeoutMs });
      return await answer.then(
        () => "connected",
        () => "apart",
      );
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (error instanceof NocpError && error.code === "NOT_AUTHORIZED") return "refused";
    throw error;
  }
}
