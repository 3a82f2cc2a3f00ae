// docs/warnings.md: every code of the warning catalogue.
import { warningCatalogue } from "@nocp/contracts/errors/warning-catalogue.ts";
import { markdownTable } from "./markdown-table.ts";
import type { ReferenceDocument } from "./reference-document.ts";

/** A row a code: code, meaning, the result's status, advice. */
const warningRows = (): string[][] =>
  Object.entries(warningCatalogue).map(([code, { meaning, isHarmless, advice }]) => [
    `\`${code}\``,
    meaning,
    isHarmless ? "unchanged" : "`degraded`",
    advice,
  ]);

export const warningDocument = (): ReferenceDocument => ({
  fileName: "warnings.md",
  text: `# Warnings

A result that answers the request may still carry warnings: a code, and a sentence about the case at hand. Made from
\`shared/contracts/src/errors/warning-catalogue.ts\` by \`./nocp docs\`. What ends a request without an answer is an
error: [errors.md](errors.md).

${markdownTable(["code", "meaning", "status of the result", "advice"], warningRows())}
`,
});
