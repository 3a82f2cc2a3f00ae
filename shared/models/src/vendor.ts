// The contract of a vendor's folder: everything that is known about it, in one definition that costs nothing to import.
import type { Prompt } from "@nocp/contracts/prompt.ts";
import type { Section, SectionValues, SettingShape } from "@nocp/contracts/settings/setting.ts";
import type { CapabilityTable } from "./capabilities.ts";
import type { FailurePatterns } from "./failures/failure-patterns.ts";
import type { Pricing } from "./prices/model-prices.ts";
import type { ProviderSetup } from "./provider.ts";
import type { ModelEncoding } from "./tokens/model-encoding.ts";

/** Where a vendor's own counter is asked. */
export interface CountingEndpoint {
  readonly apiKey: string;
  /** Without the version. */
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
}

/** Input tokens of a prompt as the vendor bills them. @throws NocpError of the `PROVIDER_*` codes. */
export type CountAtVendor = (endpoint: CountingEndpoint, prompt: Prompt, model: string, signal: AbortSignal) => Promise<number>;

export interface Vendor {
  /** Kebab-case; equals the folder's name. */
  readonly name: string;
  /** As people write it. */
  readonly title: string;
  /** The value of `gen_ai.provider.name` in spans. */
  readonly genAiName: string;
  /** Models that are this vendor's by their name, for requests that name no provider. */
  readonly modelPattern?: RegExp;
  /** Answers only when it is asked for by name, or nothing else is configured. */
  readonly lastResort?: boolean;
  readonly capabilities: CapabilityTable;
  /** Further APIs, or servers, with abilities of their own; for the documentation. */
  readonly otherApis?: readonly { readonly title: string; readonly capabilities: CapabilityTable }[];
  /** How its models' tokens are counted here; the first match decides. Names come in lower case, without a provider. */
  readonly encodings: readonly (readonly [RegExp, ModelEncoding])[];
  /** Its own endpoint that counts, and where that is. */
  readonly counting?: { readonly baseUrl: string; readonly count: CountAtVendor };
  /** What its errors look like, beyond their status. */
  readonly failures: FailurePatterns;
  /** Where the prices of its models stand as long as no setting says otherwise. */
  readonly pricing: Pricing;
  /** Named `providers.<name>`. */
  readonly section: Section;
  /** Its providers, one as a rule. @param read the values of a section. */
  providers(read: <S extends Section>(section: S) => SectionValues<S>): readonly ProviderSetup[];
}

interface VendorDefinition<S extends Section> extends Omit<Vendor, "section" | "providers"> {
  readonly section: S;
  providers(settings: SectionValues<S>): readonly ProviderSetup[];
}

/** Declares a vendor; the default export of `vendor.ts` in its folder. */
export const defineVendor = <Shape extends SettingShape>(definition: VendorDefinition<Section<Shape>>): Vendor => ({
  ...definition,
  providers: (read) => definition.providers(read(definition.section)),
});

const textFields = ["name", "title", "genAiName"] as const;
const objectFields = ["capabilities", "encodings", "failures", "pricing"] as const;

export const isVendor = (value: unknown): value is Vendor => {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Record<string, unknown>;
  const settings = (fields.section as Section | undefined)?.settings;
  return (
    textFields.every((field) => typeof fields[field] === "string") &&
    objectFields.every((field) => typeof fields[field] === "object") &&
    typeof fields.providers === "function" &&
    settings !== undefined &&
    "model" in settings &&
    "ttftMs" in settings
  );
};
