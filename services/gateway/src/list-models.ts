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

/** Anthropic's clients name the version of its API in every call. */
export const isForAnthropic = (headers: Readonly<Record<string, unknown>>): boolean => headers["anthropic-version"] !== undefined;

export const anthropicModel = ({ id }: ListedModel) => ({
  type: "model" as const,
  id,
  display_name: id,
  created_at: "1970-01-01T00:00:00Z",
});

export const anthropicList = (models: readonly ListedModel[]) => ({
  data: models.map(anthropicModel),
  has_more: false,
  first_id: models[0]?.id ?? null,
  last_id: models.at(-1)?.id ?? null,
});
