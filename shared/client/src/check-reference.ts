// Ids that callers give, before they become part of a subject or a key: `*` there would mean everybody's.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { requestIdPattern, sessionIdPattern } from "@nocp/contracts/request.ts";
import type { SessionRef } from "@nocp/contracts/session.ts";
import type { RequestRef } from "@nocp/contracts/topology.ts";

/** @returns the id. @throws NocpError INVALID_REQUEST when it is no request's. */
export function checkRequestId(requestId: string): string {
  if (requestIdPattern.test(requestId)) return requestId;
  throw new NocpError("INVALID_REQUEST", `${JSON.stringify(requestId)} is not a request id`, {
    advice: "Give the UUID that the request was submitted under.",
  });
}

/** @returns what names the request. @throws NocpError INVALID_REQUEST when it can be no request. */
export function checkRequestRef({ tenant, requestId }: RequestRef): RequestRef {
  if (sessionIdPattern.test(tenant)) return { tenant, requestId: checkRequestId(requestId) };
  throw new NocpError("INVALID_REQUEST", `${JSON.stringify(tenant)} is not the name of a tenant`, {
    advice: "A tenant's name holds letters, digits, - and _ only.",
  });
}

/** @returns the tenant. @throws NocpError INVALID_SESSION when it is no tenant's name. */
export const checkTenant = (tenant: string): string => checkName("tenant", tenant);

/** @returns the reference. @throws NocpError INVALID_SESSION when no session can have it. */
export const checkSessionRef = ({ tenant, id }: SessionRef): SessionRef => ({
  tenant: checkTenant(tenant),
  id: checkName("session id", id),
});

/** A dot or a wildcard would reach the keys of others. */
function checkName(what: string, name: string): string {
  if (sessionIdPattern.test(name)) return name;
  throw new NocpError("INVALID_SESSION", `${what} ${name} contains characters that are not allowed`);
}
