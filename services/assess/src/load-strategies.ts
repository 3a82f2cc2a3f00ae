// The compression strategies that the folder holds.
import { fileURLToPath } from "node:url";
import { loadPlugins } from "@nocp/contracts/plugins/load-plugins.ts";
import { type CompressionStrategy, isCompressionStrategy } from "./compression-strategy.ts";

export const strategiesFolder = fileURLToPath(new URL("./compression-strategies/", import.meta.url));

/** @throws NocpError INVALID_PLUGIN. */
export async function loadStrategies(folder: string = strategiesFolder): Promise<CompressionStrategy[]> {
  const loaded = await loadPlugins(folder, isCompressionStrategy, "compression strategy");
  return loaded.map(({ plugin }) => plugin);
}
