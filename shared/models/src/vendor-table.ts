// Every vendor of the folder, as data of the process: read once, like any module, because counting asks for it at every text.
// What lies in vendors/ must not import this file: it waits for them.
import { fileURLToPath } from "node:url";
import { loadPluginFolders } from "@nocp/contracts/plugins/load-plugins.ts";
import { isVendor, type Vendor } from "./vendor.ts";

const folder = fileURLToPath(new URL("./vendors", import.meta.url));

/** In the order of their names. */
export const vendors: readonly Vendor[] = (await loadPluginFolders(folder, "vendor", isVendor)).map(({ plugin }) => plugin);

/** @returns undefined for a provider that is no vendor. */
export const vendorNamed = (name: string): Vendor | undefined => vendors.find((vendor) => vendor.name === name);

/** The vendor that a model's name tells. */
export const vendorOfModel = (model: string): Vendor | undefined => vendors.find(({ modelPattern }) => modelPattern?.test(model));
