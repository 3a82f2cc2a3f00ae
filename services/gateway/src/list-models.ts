// GET /v1/models: what a client may name.
import type { Section, SectionValues } from "@nocp/contracts/settings/setting.ts";
import type { Vendor } from "@nocp/models/vendor.ts";
import { autoModel } from "./compose-request.ts";

export interface ListedModel {
  readonly id: string;
  readonly object: "model";
  readonly created: number;
  readonly owned_by: string;
}

/** The deployment's own choice, each configured provider with its default model, and what the settings add. */
export function listModels(
  vendors: readonly Vendor[],
  read: <S extends Section>(section: S) => SectionValues<S>,
  further: readonly string[],
): ListedModel[] {
  const configured = vendors
    .flatMap((vendor) => vendor.providers(read))
    .filter((provider) => provider.configured && provider.defaultModel !== "")
    .map(({ name, defaultModel }) => `${name}/${defaultModel}`);
  return [...new Set([autoModel, ...configured, ...further])].map(listed);
}

/** There is no date of making that NOCP could know. */
const listed = (id: string): ListedModel => ({ id, object: "model", created: 0, owned_by: id.split("/")[0] ?? "nocp" });
