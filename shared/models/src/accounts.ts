// Further accounts of a provider: the same models with another key, and perhaps at another place.
import { type Setting, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import type { ProviderSetup } from "./provider.ts";

const accountName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "an account's name has small letters, digits and dashes");
const accountSchema = z.strictObject({ baseUrl: z.url().optional() });

/** Part of the section of every provider that has keys. @param provider its name. */
export const accountSettings = (provider: string) => ({
  accounts: setting(
    z.record(accountName, accountSchema),
    {},
    `Further accounts by name, e.g. {"second":{}}; routes know it as ${provider}@second. baseUrl overrides the provider's. A candidate of ${provider} is tried at all of them.`,
  ) satisfies Setting,
  accountKeys: setting(z.record(accountName, z.string()), {}, "API keys of these accounts, by the same names.", {
    secret: true,
  }) satisfies Setting,
});

interface Endpoint {
  readonly apiKey: string;
  readonly baseUrl: string;
}

interface Accounts extends Endpoint {
  readonly accounts: Readonly<Record<string, { readonly baseUrl?: string | undefined }>>;
  readonly accountKeys: Readonly<Record<string, string>>;
}

/** One provider for the section's own key, and one for each further account. @param setupOf the provider at an endpoint. */
export function providersOfAccounts(
  { apiKey, baseUrl, accounts, accountKeys }: Accounts,
  setupOf: (endpoint: Endpoint) => ProviderSetup,
): ProviderSetup[] {
  const main = setupOf({ apiKey, baseUrl });
  const further = Object.entries(accounts).map(([account, own]): ProviderSetup => {
    const key = accountKeys[account] ?? "";
    return {
      ...setupOf({ apiKey: key, baseUrl: own.baseUrl ?? baseUrl }),
      name: `${main.name}@${account}`,
      accountOf: main.name,
      configured: key !== "",
      howToConfigure: `set the key ${account} in providers.${main.name}.accountKeys`,
    };
  });
  return [main, ...further];
}
