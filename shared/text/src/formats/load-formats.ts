// Every format in the folder.

import { fileURLToPath } from "node:url";
import { loadPlugins } from "@nocp/contracts/plugins/load-plugins.ts";
import { outputFormats } from "@nocp/contracts/request.ts";
import { type Format, isFormat } from "./format.ts";

/**
 * In the order of `outputFormats`, which decides between equal counts: the plainer first.
 * @throws NocpError INVALID_PLUGIN when a file of the folder is no format.
 */
export async function loadFormats(): Promise<readonly Format[]> {
  const loaded = await loadPlugins(fileURLToPath(new URL("formats", import.meta.url)), isFormat, "format");
  const formats = loaded.map(({ plugin }) => plugin);
  return formats.sort((left, right) => outputFormats.indexOf(left.name) - outputFormats.indexOf(right.name));
}
