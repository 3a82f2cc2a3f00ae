// Any server that speaks OpenAI's protocols: one by settings of its own, and as many as wanted by name.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { type CallLimits, callLimitSettings } from "../../call-limits.ts";
import type { CapabilityTable } from "../../capabilities.ts";
import type { Pricing } from "../../prices/model-prices.ts";
import type { ProviderSetup } from "../../provider.ts";
import { defineVendor } from "../../vendor.ts";
import { compatibleCapabilities } from "./capabilities.ts";
import { compatibleFailures } from "./failures.ts";
import { type KnownServer, knownServerNames, knownServers } from "./known-servers.ts";
import { withOpenedThinking } from "./opened-thinking.ts";

/** Servers that need no key ignore it. */
const noKey = "none";
const dialects = ["chat", "responses"] as const;
type Dialect = (typeof dialects)[number];

const price = z.number().min(0).nullable();
const priceSetting = (direction: "input" | "output") =>
  setting(
    price,
    null,
    `Price of a million ${direction} tokens in US dollars; 0 for a free server. Without both prices the cost is unknown, and requests with limits.maxCostUsd do not use the provider.`,
  );

const modelNames = z.array(z.string().min(1));

const serverSchema = z.strictObject({
  vendor: z.enum(knownServerNames).default("other"),
  baseUrl: z.url().optional(),
  model: z.string().default(""),
  dialect: z.enum(dialects).default("chat"),
  inputUsdPerMillion: price.default(null),
  cachedInputUsdPerMillion: price.default(null),
  outputUsdPerMillion: price.default(null),
  accountOf: z.string().optional(),
  openedThinking: modelNames.default([]),
});
type Server = z.infer<typeof serverSchema>;

const serverName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "a server's name has small letters, digits and dashes");

export default defineVendor({
  name: "openai-compatible",
  title: "OpenAI-compatible servers",
  genAiName: "openai-compatible",
  capabilities: compatibleCapabilities,
  otherApis: Object.values(knownServers).filter(({ capabilities }) => capabilities !== compatibleCapabilities),
  encodings: [],
  failures: compatibleFailures,
  pricing: { kind: "unknown" },
  section: defineSection("providers.openai-compatible", {
    apiKey: setting(z.string(), "", "API key; empty for a server that needs none.", { secret: true }),
    baseUrl: setting(
      z.union([z.literal(""), z.url()]),
      "",
      "Base URL of the API, e.g. http://127.0.0.1:11434/v1 for Ollama; empty when not used.",
    ),
    model: setting(z.string(), "", "Model of requests that name none."),
    inputUsdPerMillion: priceSetting("input"),
    outputUsdPerMillion: priceSetting("output"),
    openedThinking: setting(
      modelNames,
      [],
      "Models, * standing for any characters, whose answers begin inside the reasoning and have only its end, </think>: their chat template writes <think>, and the server has no reasoning parser. Without it, streams show the reasoning as text.",
    ),
    ...callLimitSettings,
    servers: setting(
      z.record(serverName, serverSchema),
      {},
      `Further servers by the provider's name that routes use, e.g. {"fast":{"vendor":"groq","model":"llama-3.3-70b-versatile"}}. vendor (${knownServerNames.join(", ")}) sets base URL, prices and what is sent; baseUrl, model, dialect (chat, responses), inputUsdPerMillion, cachedInputUsdPerMillion and outputUsdPerMillion override it. openedThinking is described above. accountOf names the server whose models this one serves too, with another key or at another place.`,
    ),
    serverKeys: setting(z.record(serverName, z.string()), {}, "API keys of these servers, by the same names.", { secret: true }),
  }),
  providers: ({
    apiKey,
    baseUrl,
    model,
    inputUsdPerMillion,
    outputUsdPerMillion,
    openedThinking,
    connectMs,
    ttftMs,
    stallMs,
    servers,
    serverKeys,
  }) => [
    providerOf(
      "openai-compatible",
      apiKey,
      { connectMs, ttftMs, stallMs },
      {
        ...serverSchema.parse({ model, inputUsdPerMillion, outputUsdPerMillion, openedThinking }),
        baseUrl: baseUrl || undefined,
      },
    ),
    ...Object.entries(servers).map(([name, server]) =>
      providerOf(name, serverKeys[name] ?? "", { connectMs, ttftMs, stallMs }, server),
    ),
  ],
});

function providerOf(name: string, apiKey: string, limits: CallLimits, server: Server): ProviderSetup {
  const known: KnownServer = knownServers[server.vendor];
  const baseUrl = server.baseUrl ?? known.baseUrl;
  const capabilities = withOpenedThinking(known.capabilities, server.openedThinking);
  return {
    name,
    configured: baseUrl !== "",
    howToConfigure:
      name === "openai-compatible"
        ? "set NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL and NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL"
        : `set baseUrl of providers.openai-compatible.servers.${name}`,
    defaultModel: server.model,
    ...(baseUrl === "" ? {} : { serverUrl: baseUrl }),
    pricing: pricingOf(server, known),
    limits,
    capabilities,
    ...(server.accountOf === undefined ? {} : { accountOf: server.accountOf }),
    ...(isLocal(baseUrl, server.vendor) ? { isLocal: true } : {}),
    create: ({ fetch }) => createServer({ apiKey: apiKey || noKey, baseUrl, fetch }, server.dialect, capabilities),
  };
}

/** Ollama and vLLM are run by whoever uses them. */
const isLocal = (baseUrl: string, vendor: Server["vendor"]): boolean =>
  vendor === "ollama" || vendor === "vllm" || /^https?:\/\/(localhost|127\.|\[::1\])/.test(baseUrl);

/** What the settings say, or else the vendor's price table. */
function pricingOf({ inputUsdPerMillion, cachedInputUsdPerMillion, outputUsdPerMillion }: Server, known: KnownServer): Pricing {
  if (inputUsdPerMillion !== null && outputUsdPerMillion !== null) {
    const cached = cachedInputUsdPerMillion === null ? {} : { cachedInputUsdPerMillion };
    return { kind: "set", inputUsdPerMillion, outputUsdPerMillion, ...cached };
  }
  return known.priceVendor === undefined ? { kind: "unknown" } : { kind: "table", vendor: known.priceVendor };
}

async function createServer(
  endpoint: { readonly apiKey: string; readonly baseUrl: string; readonly fetch: typeof fetch },
  dialect: Dialect,
  capabilities: CapabilityTable,
) {
  const { createOpenAiClient } = await import("../openai/client.ts");
  const client = createOpenAiClient(endpoint);
  const check = (signal: AbortSignal) => client.check(signal);
  if (dialect === "responses") {
    const { completeByResponses } = await import("../openai/responses.ts");
    return { check, complete: (...asked: Complete) => completeByResponses(client, capabilities, ...asked) };
  }
  const { completeByChat } = await import("../openai/chat.ts");
  return { check, complete: (...asked: Complete) => completeByChat(client, capabilities, ...asked) };
}

type Complete = Parameters<Awaited<ReturnType<ProviderSetup["create"]>>["complete"]>;
