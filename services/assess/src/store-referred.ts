// Binary data of shortened texts on their way to the archive.
import type { Warning } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { warningOf } from "@nocp/contracts/errors/warning-catalogue.ts";
import type { ArchiveStore } from "@nocp/runtime/stores/archive/archive-store.ts";
import { distinctBundles, storeBundles } from "./refer-payloads.ts";
import type { ShortenedText } from "./shorten-texts.ts";

/** Texts whose binary data the archive has; if it cannot be written, they stay in the texts, and a warning says so. */
export async function storeReferred(
  texts: readonly ShortenedText[],
  archive: Pick<ArchiveStore, "put">,
  warnings: Warning[],
): Promise<readonly ShortenedText[]> {
  try {
    await storeBundles(distinctBundles(texts.flatMap(({ referred }) => referred?.bundles ?? [])), archive);
    return texts;
  } catch (error) {
    if (!(error instanceof NocpError && error.code === "ARCHIVE_UNAVAILABLE")) throw error;
    warnings.push(warningOf("ARCHIVE_UNAVAILABLE", `binary data stay in the prompt: ${error.message}`));
    return texts.map(({ referred: _referred, ...text }) => text);
  }
}
