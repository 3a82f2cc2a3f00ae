// ./nocp providers: the breakers and quotas of the models that were called lately, as the services have them.
import type { Command } from "@commander-js/extra-typings";
import { breakersSection } from "@nocp/llm-router/breakers/config.ts";
import { type ModelState, readModelStates } from "@nocp/llm-router/model-states.ts";
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

async function showProviders(environment: Environment, options: ClientCommandOptions): Promise<void> {
  const { terminal } = environment;
  const sections = [breakersSection, ...vendors.map(({ section }) => section)];
  const config = loadConfig(sections, configSources(environment, options));
  const { windowMs } = config.section(breakersSection);
  const setups = vendors.flatMap((vendor) => vendor.providers((section) => config.section(section)));
  const now = Date.now();
  const rows = await withBroker(environment, options, (broker) => readModelStates(broker, { setups, windowMs, now }));
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
  terminal.note(`calls of the last ${windowMs / 1000} s, as far as replicas have reported them`);
}

function breakerText({ breaker, openUntil, reason }: ModelState, now: number): string {
  if (breaker === null) return "not called lately";
  if (openUntil === undefined) return reason ? `${breaker}: ${reason}` : breaker;
  const leftMs = openUntil - now;
  const when = leftMs > 0 ? `for another ${Math.ceil(leftMs / 1000)} s` : "until the next request probes it";
  return `open ${when}: ${reason}`;
}

/** `opened 12 s ago` */
function lastChangeText({ changes }: ModelState, now: number): string {
  const last = changes.at(-1);
  if (!last) return "";
  const verb = { open: "opened", closed: "closed", "half-open": "half-open" }[last.to];
  return `${verb} ${agoText(now - last.at)}`;
}

const minuteMs = 60_000;

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

const countTexts = ({ breaker, calls, failures, slow }: ModelState): string[] =>
  breaker === null ? ["", "", ""] : [calls, failures, slow].map((count) => count.toLocaleString("en-US"));

function quotaText({ quota }: ModelState, now: number): string {
  if (!quota) return "";
  const { source, requestsPerMinute, tokensPerMinute, blockedUntil } = quota;
  const parts = [
    requestsPerMinute === null ? "" : `${Math.round(requestsPerMinute).toLocaleString("en-US")} requests/min`,
    tokensPerMinute === null ? "" : `${Math.round(tokensPerMinute).toLocaleString("en-US")} tokens/min`,
    blockedUntil > now ? `used up for another ${Math.ceil((blockedUntil - now) / 1000)} s` : "",
  ];
  return `${parts.filter((part) => part !== "").join(", ")} (${source})`;
}
