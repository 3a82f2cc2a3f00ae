// ./nocp docs: writes what is generated from the code: reference pages, and parts of the deployment's files.
import { join } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import type { Environment } from "../command.ts";
import { withCommonOptions } from "../options/shared-options.ts";
import { exportDocuments } from "../reference/reference-document.ts";

export function declareCommand(command: Command, { root, terminal }: Environment): void {
  withCommonOptions(command).action(async ({ json }) => {
    const { referenceDocuments } = await import("../export-docs.ts");
    const names = exportDocuments(await referenceDocuments(root), `${root}/docs`);
    const written = names.map((name) => join("docs", name));
    if (json) terminal.printJson({ written });
    else terminal.print(written.length === 0 ? "docs/ is up to date" : `wrote ${written.join(", ")}`);
  });
}
