// Whose an archived original is: nobody else gets it.
import type { ArchiveScope } from "@nocp/contracts/archive.ts";
import type { NocpRequest } from "@nocp/contracts/request.ts";

/** The scope of a request: its session's, or its own when it belongs to none. */
export const archiveScopeOf = (request: Pick<NocpRequest, "tenant" | "session">, requestId: string): ArchiveScope =>
  request.session === undefined
    ? { tenant: request.tenant, kind: "request", id: requestId }
    : { tenant: request.tenant, kind: "session", id: request.session.id };

/** What all requests of a tenant share. */
export const tenantScope = (tenant: string): ArchiveScope => ({ tenant, kind: "tenant", id: tenant });

/** Whether somebody in a scope may read what belongs to another one: what their tenant shares, too. */
export const mayRead = (scope: ArchiveScope, filter: ScopeFilter): boolean =>
  isInScope(scope, filter) || (scope.kind === "tenant" && scope.tenant === filter.tenant);

/** What an operator says of a scope; a part that is left out may be anything. */
export type ScopeFilter = { readonly [K in keyof ArchiveScope]?: ArchiveScope[K] | undefined };

export const isInScope = (scope: ArchiveScope, filter: ScopeFilter): boolean =>
  (filter.tenant ?? scope.tenant) === scope.tenant &&
  (filter.kind ?? scope.kind) === scope.kind &&
  (filter.id ?? scope.id) === scope.id;
