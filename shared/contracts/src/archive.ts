// What the archive holds: whose it is, and the manifest that stands before the bytes of a bundle.
import { z } from "zod";

export const archiveScopeKinds = ["session", "request", "tenant"] as const;

/**
 * Who may read an archived original: one tenant, within one session, or one request where there is no session. Binary data
 * that a reference stands for belong to the tenant as a whole.
 */
export const archiveScopeSchema = z.object({
  tenant: z.string().min(1),
  kind: z.enum(archiveScopeKinds),
  id: z.string().min(1).describe("The session's id, or the request's; for a tenant, its name."),
});
export type ArchiveScope = z.infer<typeof archiveScopeSchema>;

export const archivedOriginalSchema = z.object({
  itemId: z.string(),
  kind: z.enum(["document", "message", "tool"]),
  title: z.string().describe("A document's title, a message's role, a tool's name."),
  at: z.string().optional().describe("When a message was said, where that is known."),
  bytes: z.int().nonnegative(),
  sha256: z.string().describe("Of the original's bytes."),
  encoding: z
    .enum(["utf-8", "json"])
    .default("utf-8")
    .describe("json: the text is kept as a JSON string, for one that UTF-8 cannot hold (unpaired surrogates)."),
});
/** One context item, as the manifest lists it. */
export type ArchivedOriginal = z.infer<typeof archivedOriginalSchema>;

/** The first line of a bundle; the originals' bytes follow, one after the other. */
export const archiveManifestSchema = z.object({
  v: z.literal(1),
  scope: archiveScopeSchema,
  originals: z.array(archivedOriginalSchema),
});
export type ArchiveManifest = z.infer<typeof archiveManifestSchema>;
