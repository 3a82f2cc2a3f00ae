// The route of a request: the ordered candidates that may answer it.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { NocpRequest, RouteCandidate } from "@nocp/contracts/request.ts";

/** What routing needs to know of a provider. */
export interface RoutableProvider {
  readonly name: string;
  readonly configured: boolean;
  /** Empty when the provider has none: then a request must name one. */
  readonly defaultModel: string;
  readonly modelPattern?: RegExp;
  readonly howToConfigure: string;
  readonly lastResort?: boolean;
  /** The provider whose models it serves with another account. */
  readonly accountOf?: string;
}

export interface RouteSettings {
  readonly provider: string;
  readonly preference: readonly string[];
  /** `provider` or `provider/model`. */
  readonly fallbacks: readonly string[];
}

/**
 * What a request names; where it names nothing, the configured choice, or the first configured provider in the order of
 * preference. The built-in extractive provider comes in only by name or when nothing else is configured: a failing model must
 * not quietly become an extract.
 * @throws NocpError NO_PROVIDER listing the configured providers.
 */
export function firstCandidate(
  routing: Pick<NocpRequest["routing"], "provider" | "model">,
  providers: readonly RoutableProvider[],
  settings: Pick<RouteSettings, "provider" | "preference">,
): RouteCandidate {
  const written =
    routing.provider === undefined && routing.model !== undefined ? splitModel(routing.model, providers) : undefined;
  const name = routing.provider ?? written?.provider ?? ownerOf(routing.model, providers) ?? defaultProvider(providers, settings);
  const provider = providerNamed(name, providers);
  if (!provider.configured) {
    throw new NocpError("NO_PROVIDER", `${name} is not configured; ${configuredOnes(providers)}`, {
      advice: `To use ${name}, ${provider.howToConfigure}.`,
    });
  }
  const model = written?.model ?? routing.model ?? provider.defaultModel;
  if (model === "") throw new NocpError("NO_PROVIDER", `the request names no model, and ${name} has no default model`);
  return { provider: name, model };
}

/** `provider/model`, where the part before the first slash is a provider; models may have slashes of their own. */
function splitModel(model: string, providers: readonly RoutableProvider[]): RouteCandidate | undefined {
  const slash = model.indexOf("/");
  const provider = model.slice(0, Math.max(0, slash));
  return providers.some(({ name }) => name === provider) ? { provider, model: model.slice(slash + 1) } : undefined;
}

/**
 * `provider/model`, or `provider` with its default model.
 * @returns undefined when the provider has no default model.
 * @throws NocpError NO_PROVIDER for an unknown provider.
 */
export function parseCandidate(text: string, providers: readonly RoutableProvider[]): RouteCandidate | undefined {
  const written = splitModel(text, providers);
  if (written) return written;
  const { name, defaultModel } = providerNamed(text.split("/")[0] ?? text, providers);
  return defaultModel === "" ? undefined : { provider: name, model: defaultModel };
}

/** The provider a model's name belongs to: `gpt-…` is never asked of Anthropic. */
const ownerOf = (model: string | undefined, providers: readonly RoutableProvider[]): string | undefined =>
  model === undefined ? undefined : providers.find(({ modelPattern }) => modelPattern?.test(model))?.name;

function defaultProvider(
  providers: readonly RoutableProvider[],
  settings: Pick<RouteSettings, "provider" | "preference">,
): string {
  if (settings.provider !== "") return settings.provider;
  const rank = ({ name, lastResort }: RoutableProvider): number => {
    const index = settings.preference.indexOf(name);
    return lastResort ? Number.POSITIVE_INFINITY : index === -1 ? settings.preference.length : index;
  };
  const candidates = providers.filter(({ configured }) => configured).sort((one, other) => compare(rank(one), rank(other)));
  const chosen = candidates[0];
  if (!chosen) throw new NocpError("NO_PROVIDER", "no provider is configured");
  return chosen.name;
}

const compare = (one: number, other: number): number => (one === other ? 0 : one < other ? -1 : 1);

function providerNamed(name: string, providers: readonly RoutableProvider[]): RoutableProvider {
  const provider = providers.find((candidate) => candidate.name === name);
  if (!provider) throw new NocpError("NO_PROVIDER", `there is no provider "${name}"; ${configuredOnes(providers)}`);
  return provider;
}

const configuredOnes = (providers: readonly RoutableProvider[]): string =>
  `configured: ${
    providers
      .filter(({ configured }) => configured)
      .map(({ name }) => name)
      .join(", ") || "none"
  }`;
