// context.retrieve: what compression removed from this request's or session's context, by reference or by query.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { retrieveToolName } from "@nocp/contracts/reference-line.ts";
import type { ArchiveListing, ArchiveReader } from "@nocp/runtime/stores/archive/archive-store.ts";
import { type FetchedOriginal, originalsOf } from "@nocp/runtime/stores/archive/bundle.ts";
import { parseReference } from "@nocp/runtime/stores/archive/reference.ts";
import { z } from "zod";
import { searchOriginals } from "../archive/search-originals.ts";
import { showBundle, showOriginal } from "../archive/show-original.ts";
import { defineTool } from "../tool.ts";

const inputSchema = z
  .strictObject({
    ref: z.string().min(1).max(64).optional().describe("The reference in the shortened text, or one of a single item: its ref."),
    query: z.string().min(1).max(4000).optional().describe("What to look for in what was removed; everywhere, or in ref."),
    maxBytes: z.int().min(1).max(1_000_000).default(8000).describe("Maximum number of bytes to return."),
    fromByte: z.int().min(0).default(0).describe("Where to go on in an item that is larger than maxBytes."),
  })
  .refine(({ ref, query }) => ref !== undefined || query !== undefined, {
    message: "give a ref, a query or both",
    path: ["ref"],
  });

/** Bytes of bundles read for one query; the newest first. */
const maxSearchedBytes = 64 * 1024 * 1024;
const bundlesAtOnce = 8;

export default defineTool({
  name: retrieveToolName,
  description: "Fetches back, word for word, what was shortened or left out of the context: by its reference, or by a query.",
  arguments: inputSchema,
  example: { query: "delivery address" },
  timeoutMs: 15_000,
  idempotent: true,
  maxAttempts: 2,
  async run({ ref, query, maxBytes, fromByte }, { archive, signal }) {
    signal.throwIfAborted();
    if (query === undefined) return fetchByReference(ref ?? "", archive, fromByte, maxBytes);
    const { originals, searched, unsearched } =
      ref === undefined ? await loadScope(archive, signal) : await loadBundle(ref, archive);
    const found = await searchOriginals(originals, query, maxBytes, signal);
    return { query, ...found, searchedBundles: searched, ...(unsearched > 0 ? { unsearchedBundles: unsearched } : {}) };
  },
});

/** A bundle of a single item is shown as that. */
async function fetchByReference(ref: string, archive: ArchiveReader, fromByte: number, maxBytes: number): Promise<unknown> {
  const [original, ...others] = await originalsUnder(ref, archive);
  return original && others.length === 0
    ? showOriginal(original, fromByte, maxBytes)
    : showBundle(await archive.get(parseReference(ref).bundle), maxBytes);
}

/** @throws NocpError ARCHIVE_MISSING for a position that the bundle does not have. */
async function originalsUnder(ref: string, archive: ArchiveReader): Promise<FetchedOriginal[]> {
  const { bundle, position } = parseReference(ref);
  const originals = originalsOf(await archive.get(bundle));
  if (position === undefined) return originals;
  const original = originals[position];
  if (!original) throw new NocpError("ARCHIVE_MISSING", `${bundle} has ${originals.length} items, so ${ref} does not exist`);
  return [original];
}

interface Searchable {
  readonly originals: readonly FetchedOriginal[];
  readonly searched: number;
  /** Bundles too old or large to be read for one query. */
  readonly unsearched: number;
}

const loadBundle = async (ref: string, archive: ArchiveReader): Promise<Searchable> => ({
  originals: await originalsUnder(ref, archive),
  searched: 1,
  unsearched: 0,
});

async function loadScope(archive: ArchiveReader, signal: AbortSignal): Promise<Searchable> {
  const listings = await archive.list();
  const readable = newestWithin(maxSearchedBytes, listings);
  const originals: FetchedOriginal[] = [];
  for (let at = 0; at < readable.length; at += bundlesAtOnce) {
    signal.throwIfAborted();
    const together = readable.slice(at, at + bundlesAtOnce).map((listing) => originalsOfListed(listing, archive));
    originals.push(...(await Promise.all(together)).flat());
  }
  return { originals, searched: readable.length, unsearched: listings.length - readable.length };
}

/** @param listings the newest first. */
function newestWithin(maxBytes: number, listings: readonly ArchiveListing[]): readonly ArchiveListing[] {
  let leftBytes = maxBytes;
  const firstTooMany = listings.findIndex(({ bytes }) => {
    leftBytes -= bytes;
    return leftBytes < 0;
  });
  return firstTooMany < 0 ? listings : listings.slice(0, firstTooMany);
}

/** A bundle may expire between being listed and being read. */
async function originalsOfListed({ reference }: ArchiveListing, archive: ArchiveReader): Promise<FetchedOriginal[]> {
  try {
    return originalsOf(await archive.get(reference));
  } catch (error) {
    if (error instanceof NocpError && error.code === "ARCHIVE_MISSING") return [];
    throw error;
  }
}
