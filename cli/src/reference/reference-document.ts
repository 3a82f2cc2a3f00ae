// A page of docs/ that is made from the code, so that the two cannot disagree.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface ReferenceDocument {
  /** Below docs/. */
  readonly fileName: string;
  readonly text: string;
}

/** @returns the names of the documents whose file is absent or says something else. */
export const staleDocuments = (documents: readonly ReferenceDocument[], folder: string): string[] =>
  documents.filter(({ fileName, text }) => readText(join(folder, fileName)) !== text).map(({ fileName }) => fileName);

/** Writes what is stale. @returns the names of the files written. */
export function exportDocuments(documents: readonly ReferenceDocument[], folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  const stale = staleDocuments(documents, folder);
  for (const { fileName, text } of documents) {
    if (!stale.includes(fileName)) continue;
    mkdirSync(dirname(join(folder, fileName)), { recursive: true });
    writeFileSync(join(folder, fileName), text);
  }
  return stale;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
