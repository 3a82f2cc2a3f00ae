// Tokens of a prompt as its vendor counts them: a call more for each request, for those who want no estimate.
import type { Prompt } from "@nocp/contracts/prompt.ts";
import { defineSection, type Setting, setting } from "@nocp/contracts/settings/setting.ts";
import type { Vendor } from "@nocp/models/vendor.ts";
import { vendorOfModel, vendors } from "@nocp/models/vendor-table.ts";
import { z } from "zod";

/** A key and an address for each vendor whose folder has a counter. */
const endpointSettings = ({ name, title, counting }: Vendor): readonly (readonly [string, Setting<string>])[] =>
  counting === undefined
    ? []
    : [
        [`${name}ApiKey`, setting(z.string(), "", `Key for counting ${title}'s tokens; empty for estimates.`, { secret: true })],
        [`${name}BaseUrl`, setting(z.url(), counting.baseUrl, `Where ${title}'s API is, without the version.`)],
      ];

export const vendorCountSection = defineSection("assess.vendorCount", {
  ...Object.fromEntries(vendors.flatMap(endpointSettings)),
  timeoutMs: setting(z.int().min(100), 5000, "Longest wait for one count, in milliseconds."),
});

/** By the names of the settings: `<vendor>ApiKey`, `<vendor>BaseUrl`. */
export type VendorCountSettings = { readonly timeoutMs: number } & Readonly<Record<string, string | number>>;

/**
 * Undefined for a model whose vendor has no such endpoint, or no key.
 * @throws NocpError of the `PROVIDER_*` codes.
 */
export type VendorCount = (prompt: Prompt, model: string, signal: AbortSignal) => Promise<number | undefined>;

export const createVendorCount =
  (settings: VendorCountSettings, fetchFrom: typeof fetch = fetch): VendorCount =>
  async (prompt, model, signal) => {
    const name = model.replace(/^.*\//, "");
    const { name: vendor, counting } = vendorOfModel(name.toLowerCase()) ?? {};
    const apiKey = settings[`${vendor}ApiKey`] ?? "";
    if (counting === undefined || apiKey === "") return undefined;
    const baseUrl = String(settings[`${vendor}BaseUrl`]);
    const endpoint = { apiKey: String(apiKey), baseUrl, timeoutMs: settings.timeoutMs, fetch: fetchFrom };
    return counting.count(endpoint, prompt, name, signal);
  };
