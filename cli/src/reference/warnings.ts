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

A result that answers its request can have warnings: a code, and a message about the case at hand. A failed tool call adds a
warning with the code of its error; [errors.md](errors.md) has the codes of errors. Generated from
\`shared/contracts/src/errors/warning-catalogue.ts\` by \`./nocp docs\`.

${markdownTable(["code", "meaning", "status of the result", "advice"], warningRows())}
`,
});
