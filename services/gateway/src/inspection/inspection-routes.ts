// What a caller may look at: the providers of the deployment, and the sessions and archived originals of its tenant.
import type { Sessions } from "@nocp/client/sessions.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { SessionHead } from "@nocp/contracts/session.ts";
import type { ProviderSetup } from "@nocp/models/provider.ts";
import { type ArchiveStore, missingBundle } from "@nocp/runtime/stores/archive/archive-store.ts";
import { originalsOf, textOfOriginal } from "@nocp/runtime/stores/archive/bundle.ts";
import { parseReference } from "@nocp/runtime/stores/archive/reference.ts";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { checkInput } from "../check-input.ts";
import { NotAllowed } from "../compose-request.ts";
import type { AddRoutes } from "../route-tools.ts";

export const sessionQuerySchema = z.strictObject({
  tenant: z.string().optional().describe("For operators; other callers see their own tenant's."),
});

export interface InspectionDependencies {
  readonly providers: readonly ProviderSetup[];
  readonly sessions: Pick<Sessions, "show">;
  readonly archive: Pick<ArchiveStore, "get">;
}

export const inspectionRoutes =
  ({ providers, sessions, archive }: InspectionDependencies): AddRoutes =>
  (app, { accessOf }) => {
    app.get("/nocp/v1/providers", () => ({ object: "list", data: providers.map(providerObject) }));
    app.get("/nocp/v1/sessions/:id", async (request) => {
      const { tenant = accessOf(request).tenant } = checkInput(sessionQuerySchema, request.query, "query");
      const { admin, tenant: own } = accessOf(request);
      if (!admin && tenant !== own) throw new NotAllowed("tenant", "the key belongs to another tenant");
      return sessionObject(await sessions.show({ tenant, id: parameterOf(request, "id") }));
    });
    app.get("/nocp/v1/archive/:reference", (request) =>
      archivedObject(archive, parameterOf(request, "reference"), accessOf(request).tenant),
    );
  };

/** As this process sees them: a key that only llm-router has is not seen. */
const providerObject = ({ name, configured, howToConfigure, defaultModel, isLocal = false }: ProviderSetup) => ({
  ...{ id: name, object: "nocp.provider", configured, default_model: defaultModel || null, is_local: isLocal },
  ...(configured ? {} : { how_to_configure: howToConfigure }),
});

/** What its context costs, and what it would have cost as it was said. */
const sessionObject = ({ id, status, createdAt, updatedAt, turns, summary, ledger, totals }: SessionHead) => ({
  ...{ id, object: "nocp.session", status, created_at: createdAt, updated_at: updatedAt, turns },
  raw_tokens: totals.rawTokens,
  optimized_tokens: totals.optimizedTokens,
  tokens_saved: totals.rawTokens - totals.optimizedTokens,
  compactions: totals.compactions,
  last_compaction_at: totals.lastCompactionAt,
  summary: { text: summary.text, through_turn: summary.throughTurn, generations: summary.generations },
  ledger: ledger.map(({ value, kind, turn }) => ({ value, kind, turn })),
});

/** @throws NocpError INVALID_ARGUMENTS, ARCHIVE_MISSING: also for what is another tenant's, which must not be told. */
async function archivedObject(archive: Pick<ArchiveStore, "get">, text: string, tenant: string): Promise<object> {
  const { bundle: reference, position } = parseReference(text);
  const bundle = await archive.get(reference, { tenant }).catch((error: unknown) => {
    throw error instanceof NocpError && error.code === "ARCHIVE_REFUSED" ? missingBundle(reference) : error;
  });
  const found = originalsOf(bundle).filter((_original, at) => position === undefined || at === position);
  if (found.length === 0) throw missingBundle(text);
  const data = found.map((original) => ({
    ...{ reference: original.reference, item_id: original.itemId, kind: original.kind, title: original.title },
    ...{ sha256: original.sha256, content: textOfOriginal(original) },
  }));
  return { id: text, object: "list", data };
}

const parameterOf = ({ params }: FastifyRequest, name: string): string =>
  (params as Readonly<Record<string, string>>)[name] ?? "";
