// ./nocp docs: writes the reference pages in docs/ that are generated from the code.
import type { Command } from "@commander-js/extra-typings";
import type { Environment } from "../command.ts";
import { withCommonOptions } from "../options/shared-options.ts";
import { exportDocuments } from "../reference/reference-document.ts";

export function declareCommand(command: Command, { root, terminal }: Environment): void {
  withCommonOptions(command).action(async ({ json }) => {
    const { referenceDocuments } = await import("../export-docs.ts");
    const written = exportDocuments(await referenceDocuments(root), `${root}/docs`);
    if (json) terminal.printJson({ written });
    else
      terminal.print(written.length === 0 ? "docs/ is up to date" : `wrote ${written.map((name) => `docs/${name}`).join(", ")}`);
  });
}
