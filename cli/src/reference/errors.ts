// docs/errors.md: every code of the error catalogue.
import { type CatalogueEntry, errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import { markdownTable } from "./markdown-table.ts";
import type { ReferenceDocument } from "./reference-document.ts";

const settlements: Readonly<Record<CatalogueEntry["disposition"], string>> = {
  retry: "tried again, later",
  reject: "dead-lettered, answered with a failed result",
  fail: "answered with a failed result",
};

/** A row a code: code, meaning, what becomes of the delivery, advice. */
export const errorRows = (): string[][] =>
  Object.entries(errorCatalogue).map(([code, { meaning, disposition, advice }]) => [
    `\`${code}\``,
    meaning,
    settlements[disposition],
    advice,
  ]);

export const errorDocument = (): ReferenceDocument => ({
  fileName: "errors.md",
  text: `# Errors

Every error has a code. A result, a dead letter and the command line show it with a sentence about the case at hand and the
advice below. Made from \`shared/contracts/src/errors/catalogue.ts\` by \`node cli/src/export-docs.ts\`.

An error that is tried again ends as \`ATTEMPTS_EXHAUSTED\` after \`messaging.maxAttempts\` starts. One inside a tool or a
provider need not end the request: a failed tool becomes a tool result, a failed provider is followed by the next one.

${markdownTable(["code", "meaning", "what becomes of the message", "advice"], errorRows())}
`,
});
