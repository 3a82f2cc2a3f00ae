// ./nocp docs: writes the reference pages in docs/ that are generated from the code.
import type { Command } from "commander";
import type { CommonOptions, Surroundings } from "../command.ts";
import { exportDocuments } from "../reference/reference-document.ts";

export function declareCommand(command: Command, { root, terminal }: Surroundings): void {
  command.action(async ({ json }: CommonOptions) => {
    const { referenceDocuments } = await import("../export-docs.ts");
    const written = exportDocuments(await referenceDocuments(root), `${root}/docs`);
    if (json) terminal.printJson({ written });
    else terminal.print(written.length === 0 ? "docs/ is up to date" : `wrote ${written.map((name) => `docs/${name}`).join(", ")}`);
  });
}
