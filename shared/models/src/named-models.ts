// What the names in requests and settings stand for, before anybody asks which providers are configured.
import type { NocpRequest } from "@nocp/contracts/request.ts";
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import type { routerSection } from "./router-section.ts";
import { vendorNamed } from "./vendor-table.ts";

export type RouterNames = Pick<
  SectionValues<typeof routerSection>,
  "model" | "provider" | "groups" | "aliases" | "tiers" | "tenants"
>;
type Group = RouterNames["groups"][string];

/** A group, or the model that an alias stands for. */
export type NamedInSettings = { readonly name: string; readonly group: Group } | { readonly model: string };

/** @returns undefined for a name that the settings do not have. */
export function namedInSettings(
  name: string,
  { groups, aliases }: Pick<RouterNames, "groups" | "aliases">,
): NamedInSettings | undefined {
  const target = Object.hasOwn(aliases, name) ? aliases[name]! : name;
  const group = Object.hasOwn(groups, target) ? groups[target] : undefined;
  if (group) return { name: target, group };
  return target === name ? undefined : { model: target };
}

export interface NamedModel {
  /** Undefined: the model's name tells. */
  readonly provider: string | undefined;
  readonly model: string;
}

/** Models that a request's first group may be answered by; none where neither request nor settings name one. */
export function modelsNamedFor(
  { provider, model, candidates, tier }: Pick<NocpRequest["routing"], "provider" | "model" | "candidates" | "tier">,
  tenant: string,
  names: RouterNames,
): NamedModel[] {
  if (candidates) return [...candidates];
  if (provider !== undefined) return model === undefined ? modelsListed([provider]) : [{ provider, model }];
  if (model !== undefined) return modelsUnder(model, names);
  if (tier !== undefined) return modelsListed(names.tiers[tier] ?? []);
  const usual = names.tenants[tenant]?.model ?? names.model;
  if (usual !== "") return modelsUnder(usual, names);
  return names.provider === "" ? [] : modelsListed([names.provider]);
}

function modelsUnder(name: string, names: RouterNames): NamedModel[] {
  const named = namedInSettings(name, names);
  if (named && "group" in named) return modelsListed(named.group.candidates);
  return [withoutVendor(named?.model ?? name)];
}

/** `provider/model`, or `provider` with its default model, as lists of the settings have them. */
const modelsListed = (texts: readonly string[]): NamedModel[] =>
  texts.flatMap((text): NamedModel[] => {
    const [provider = "", ...rest] = text.split("/");
    const model = rest.length > 0 ? rest.join("/") : defaultModelOf(provider);
    return model === "" ? [] : [{ provider, model }];
  });

/** A model may have a slash of its own. */
function withoutVendor(model: string): NamedModel {
  const [prefix = "", ...rest] = model.split("/");
  return rest.length > 0 && vendorNamed(vendorNameOf(prefix))
    ? { provider: prefix, model: rest.join("/") }
    : { provider: undefined, model };
}

/** Without the account: `openai@eu` is OpenAI's. */
export const vendorNameOf = (provider: string): string => provider.split("@")[0] ?? provider;

/** The vendor's own: what a deployment has set in its place is known where providers are configured. */
function defaultModelOf(provider: string): string {
  const { model } = vendorNamed(vendorNameOf(provider))?.section.settings ?? {};
  return typeof model?.default === "string" ? model.default : "";
}
