// A bundle: the originals of one compressed context in one object, a manifest before them.
import { hash } from "node:crypto";
import type { Archived } from "@nocp/contracts/accounting.ts";
import {
  type ArchivedOriginal,
  type ArchiveManifest,
  type ArchiveScope,
  archiveManifestSchema,
} from "@nocp/contracts/archive.ts";
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import { bundleReferenceOf, originalReferenceOf } from "./reference.ts";

export interface ArchiveBundle {
  readonly reference: string;
  readonly scope: ArchiveScope;
  readonly bytes: Uint8Array;
  readonly originals: readonly ArchivedOriginal[];
}

const lineFeed = 10;
const sha256 = (bytes: Uint8Array): string => hash("sha256", bytes, "hex");

/** What an item's bytes are: a document's or message's text, a tool's data as compact JSON; in UTF-8. */
function originalOf(item: ContextItem): { readonly entry: ArchivedOriginal; readonly bytes: Buffer } {
  const text = item.kind === "tool" ? writeJson(item.data) : item.text;
  const encoding = text.isWellFormed() ? "utf-8" : "json";
  const bytes = Buffer.from(encoding === "json" ? JSON.stringify(text) : text);
  const title = item.kind === "document" ? item.title : item.kind === "message" ? item.role : item.name;
  const said = item.kind === "message" && item.at !== undefined ? { at: item.at } : {};
  return {
    entry: { itemId: item.id, kind: item.kind, title, ...said, bytes: bytes.byteLength, sha256: sha256(bytes), encoding },
    bytes,
  };
}

/** The same items in the same scope give the same bundle: writing it twice writes one object. */
export function createBundle(scope: ArchiveScope, items: readonly ContextItem[]): ArchiveBundle {
  const parts = items.map(originalOf);
  const originals = parts.map(({ entry }) => entry);
  const { tenant, kind, id } = scope;
  const manifest: ArchiveManifest = { v: 1, scope: { tenant, kind, id }, originals };
  const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(manifest)}\n`), ...parts.map((part) => part.bytes)]);
  return { reference: bundleReferenceOf(bytes), scope: manifest.scope, bytes, originals };
}

/**
 * A bundle as it was stored.
 * @throws NocpError ARCHIVE_MISSING when the bytes are not those that the reference was made of.
 */
export function readBundle(reference: string, bytes: Uint8Array): ArchiveBundle {
  const damaged = (): NocpError => new NocpError("ARCHIVE_MISSING", `the archived data under ${reference} is damaged`);
  if (bundleReferenceOf(bytes) !== reference) throw damaged();
  const manifestEnd = bytes.indexOf(lineFeed);
  const parsed = archiveManifestSchema.safeParse(JSON.parse(Buffer.from(bytes.subarray(0, manifestEnd)).toString()));
  if (!parsed.success) throw damaged();
  return { reference, scope: parsed.data.scope, bytes, originals: parsed.data.originals };
}

/** An original and the reference it is fetched by. */
export interface FetchedOriginal extends ArchivedOriginal {
  readonly reference: string;
  /** Exactly what was removed. */
  readonly content: Uint8Array;
}

/** @throws NocpError ARCHIVE_MISSING when an original's digest differs. */
export function originalsOf({ reference, bytes, originals }: ArchiveBundle): FetchedOriginal[] {
  let start = bytes.indexOf(lineFeed) + 1;
  return originals.map((original, position) => {
    const content = bytes.subarray(start, start + original.bytes);
    start += original.bytes;
    const own = originalReferenceOf(reference, position);
    if (sha256(content) !== original.sha256) throw new NocpError("ARCHIVE_MISSING", `the archived data under ${own} is damaged`);
    return { ...original, reference: own, content };
  });
}

/** An original's text as it was before it became bytes. */
export function textOfOriginal({ content, encoding }: FetchedOriginal): string {
  const text = Buffer.from(content).toString();
  return encoding === "json" ? (JSON.parse(text) as string) : text;
}

/** What a result says of a bundle: one entry for each original. */
export const archivedOf = ({ reference, originals }: ArchiveBundle): Archived[] =>
  originals.map(({ sha256: digest, bytes }, position) => ({
    ref: originalReferenceOf(reference, position),
    sha256: digest,
    bytes,
  }));
