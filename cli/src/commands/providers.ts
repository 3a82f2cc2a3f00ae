// ./nocp providers: the breakers and quotas of the models that were called lately, as the services have them.
import type { Command } from "@commander-js/extra-typings";
import { type BreakerState, breakerStateSchema, totalCounts } from "@nocp/llm-router/breakers/breaker-state.ts";
import { breakersSection } from "@nocp/llm-router/breakers/config.ts";
import { type QuotaState, quotaStateSchema } from "@nocp/llm-router/quotas/quota-state.ts";
import { vendors } from "@nocp/models/vendor-table.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import type { Environment } from "../command.ts";
import { type ClientCommandOptions, withClientOptions } from "../options/shared-options.ts";
import { withBroker } from "../requests/open-client.ts";
import { configSources } from "../settings/config-sources.ts";
import { renderTable } from "../terminal/render-table.ts";

export function declareCommand(command: Command, environment: Environment): void {
  withClientOptions(command).action((options) => showProviders(environment, options));
}

interface ModelRow {
  readonly provider: string;
  /** Empty: all models of the provider, as a quota may be set. */
  readonly model: string;
  /** `null`: it was not called lately. */
  readonly breaker: BreakerState["phase"] | null;
  /** Of the window, all replicas together. */
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  /** Milliseconds since the epoch. */
  readonly openUntil?: number;
  readonly reason?: string;
  /** The last changes of the breaker, the newest last. */
  readonly changes: BreakerState["changes"];
  readonly quota?: QuotaRow;
}

interface QuotaRow {
  readonly source: QuotaState["source"];
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  /** Milliseconds since the epoch. */
  readonly blockedUntil: number;
}

async function showProviders(environment: Environment, options: ClientCommandOptions): Promise<void> {
  const { terminal } = environment;
  const sections = [breakersSection, ...vendors.map(({ section }) => section)];
  const config = loadConfig(sections, configSources(environment, options));
  const { windowMs } = config.section(breakersSection);
  const [breakers, quotas] = await withBroker(environment, options, async (broker) => [
    await (await broker.sharedState("breakers", breakerStateSchema)).entries(),
    await (await broker.sharedState("quotas", quotaStateSchema)).entries(),
  ]);
  const configured = vendors.flatMap((vendor) =>
    vendor.providers((section) => config.section(section)).filter((setup) => setup.configured),
  );
  const keys = new Set([
    ...configured.map(({ name, defaultModel }) => (defaultModel === "" ? name : `${name}/${defaultModel}`)),
    ...breakers.keys(),
    ...quotas.keys(),
  ]);
  const now = Date.now();
  const rows = [...keys].sort().map((key) => modelRow(key, breakers.get(key), quotas.get(key), windowMs, now));
  if (options.json) return terminal.printJson(rows);
  const columns = [
    ...["provider", "model", "breaker", "last change"].map((title) => ({ title })),
    ...["calls", "failed", "slow"].map((title) => ({ title, align: "right" as const })),
    { title: "quota" },
  ];
  const cells = rows.map((row) => [
    row.provider,
    row.model || "all",
    breakerText(row, now),
    lastChangeText(row, now),
    ...countTexts(row),
    quotaText(row, now),
  ]);
  terminal.print(renderTable(columns, cells, terminal));
  terminal.note(`calls of the last ${windowMs / 1000} s, as the replicas have told so far`);
}

function modelRow(
  key: string,
  breaker: BreakerState | undefined,
  quota: QuotaState | undefined,
  windowMs: number,
  now: number,
): ModelRow {
  const slash = key.indexOf("/");
  const counts = breaker ? totalCounts(breaker, windowMs, now) : { calls: 0, failures: 0, slow: 0 };
  return {
    provider: slash === -1 ? key : key.slice(0, slash),
    model: slash === -1 ? "" : key.slice(slash + 1),
    breaker: breaker?.phase ?? null,
    ...counts,
    changes: breaker?.changes ?? [],
    ...(breaker?.phase === "open" ? { openUntil: breaker.until } : {}),
    ...(breaker === undefined || breaker.phase === "closed" ? {} : { reason: breaker.reason }),
    ...(quota ? { quota: quotaRow(quota) } : {}),
  };
}

const minuteMs = 60_000;

const quotaRow = ({ source, requests, tokens, blockedUntil }: QuotaState): QuotaRow => ({
  source,
  requestsPerMinute: requests ? requests.perMs * minuteMs : null,
  tokensPerMinute: tokens ? tokens.perMs * minuteMs : null,
  blockedUntil,
});

function breakerText({ breaker, openUntil, reason }: ModelRow, now: number): string {
  if (breaker === null) return "not called lately";
  if (openUntil === undefined) return reason ? `${breaker}: ${reason}` : breaker;
  const leftMs = openUntil - now;
  const when = leftMs > 0 ? `for another ${Math.ceil(leftMs / 1000)} s` : "until the next request probes it";
  return `open ${when}: ${reason}`;
}

/** `opened 12 s ago` */
function lastChangeText({ changes }: ModelRow, now: number): string {
  const last = changes.at(-1);
  if (!last) return "";
  const verb = { open: "opened", closed: "closed", "half-open": "half-open" }[last.to];
  return `${verb} ${agoText(now - last.at)}`;
}

/** In the largest unit that it has two of. */
function agoText(ms: number): string {
  const units = [
    ["days", 24 * 60 * minuteMs],
    ["h", 60 * minuteMs],
    ["min", minuteMs],
  ] as const;
  const [name, length] = units.find(([, one]) => ms >= 2 * one) ?? ["s", 1_000];
  return `${Math.max(0, Math.floor(ms / length))} ${name} ago`;
}

const countTexts = ({ breaker, calls, failures, slow }: ModelRow): string[] =>
  breaker === null ? ["", "", ""] : [calls, failures, slow].map((count) => count.toLocaleString("en-US"));

function quotaText({ quota }: ModelRow, now: number): string {
  if (!quota) return "";
  const { source, requestsPerMinute, tokensPerMinute, blockedUntil } = quota;
  const parts = [
    requestsPerMinute === null ? "" : `${Math.round(requestsPerMinute).toLocaleString("en-US")} requests/min`,
    tokensPerMinute === null ? "" : `${Math.round(tokensPerMinute).toLocaleString("en-US")} tokens/min`,
    blockedUntil > now ? `used up for another ${Math.ceil((blockedUntil - now) / 1000)} s` : "",
  ];
  return `${parts.filter((part) => part !== "").join(", ")} (${source})`;
}
