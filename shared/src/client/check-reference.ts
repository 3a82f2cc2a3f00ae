// Ids that callers give, before they become part of a subject or a key: `*` there would mean everybody's.
import { requestIdPattern, sessionIdPattern } from "../contracts/request.ts";
import type { SessionRef } from "../contracts/session.ts";
import { NocpError } from "../errors/nocp-error.ts";

/** @returns the id. @throws NocpError INVALID_REQUEST when it is no request's. */
export function checkRequestId(requestId: string): string {
  if (requestIdPattern.test(requestId)) return requestId;
  throw new NocpError("INVALID_REQUEST", `${JSON.stringify(requestId)} is no request id`, {
    advice: "Give the UUID that the request was submitted under.",
  });
}

/** @throws NocpError INVALID_SESSION when it is no tenant's name. */
export function checkTenant(tenant: string): void {
  if (!sessionIdPattern.test(tenant)) throw new NocpError("INVALID_SESSION", `${JSON.stringify(tenant)} is no tenant`);
}

/** @returns the reference. @throws NocpError INVALID_SESSION when no session can have it. */
export function checkSessionRef(ref: SessionRef): SessionRef {
  checkTenant(ref.tenant);
  if (sessionIdPattern.test(ref.id)) return ref;
  throw new NocpError("INVALID_SESSION", `${JSON.stringify(ref.id)} is no session id`);
}
