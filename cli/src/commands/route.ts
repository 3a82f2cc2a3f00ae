// ./nocp route: which models may answer, in which order a request would ask them, and why; nobody is called.
import type { Command } from "@commander-js/extra-typings";
import { requestSchema } from "@nocp/contracts/request.ts";
import { routerSections } from "@nocp/llm-router/config.ts";
import { createRouteExplainer, type ExplainedRoute, type RoutableModel } from "@nocp/llm-router/routing/explain-route.ts";
import { routingStrategies } from "@nocp/llm-router/routing/strategy-table.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import type { Environment } from "../command.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { readRequest } from "../requests/read-request.ts";
import { configSources } from "../settings/config-sources.ts";
import { renderTable } from "../terminal/render-table.ts";

export function declareCommand(command: Command, environment: Environment): void {
  withCommonOptions(
    command
      .command("explain")
      .description("Print the candidates of a request in the order in which they would be called, without calling any.")
      .argument("<file>", "JSON file with the request, or - for stdin"),
  ).action((file, options) => explain(environment, file, options));
  withCommonOptions(command.command("models").description("Print what routing knows about each model in the settings.")).action(
    (options) => printModels(environment, options),
  );
  withCommonOptions(command.command("strategies").description("Print the routing strategies.")).action((options) =>
    printStrategies(environment, options),
  );
}

const explainerOf = (environment: Environment, options: CommonOptions) =>
  createRouteExplainer(loadConfig(routerSections, configSources(environment, options)));

async function explain(environment: Environment, file: string, options: CommonOptions): Promise<void> {
  const { terminal } = environment;
  const request = requestSchema.parse(await readRequest(file, environment.stdin));
  const route = explainerOf(environment, options).explain(request);
  if (options.json) return terminal.printJson(route);
  terminal.print(summaryOf(route));
  const rows = route.candidates.map((one) => [
    one.place === null ? "–" : String(one.place),
    nameOf(one),
    one.tier,
    windowOf(one.contextTokens),
    priceOf(one),
    one.place === null ? `left out: ${one.why}` : one.why,
  ]);
  const titles = ["#", "candidate", "tier", "window", "$ per million in / out", "why"];
  terminal.print(
    renderTable(
      titles.map((title) => ({ title })),
      rows,
      terminal,
    ),
  );
}

function summaryOf({ strategy, isRepeatable, inputTokens, candidates }: ExplainedRoute): string {
  const first = candidates[0]!;
  const chance = isRepeatable ? "" : "; other requests may have another order";
  return `${nameOf(first)} by ${strategy}: ${first.why} (${inputTokens.toLocaleString("en")} input tokens before compression${chance})`;
}

function printModels(environment: Environment, options: CommonOptions): void {
  const { terminal } = environment;
  const models = explainerOf(environment, options).models();
  if (options.json) {
    terminal.printJson(models);
    return;
  }
  const rows = models.map((one) => [
    nameOf(one),
    one.isConfigured ? "yes" : "no",
    one.tier,
    windowOf(one.contextTokens),
    windowOf(one.outputTokens),
    priceOf(one),
    abilitiesOf(one),
    one.region,
  ]);
  const titles = ["model", "configured", "tier", "window", "output", "$ per million in / out", "takes", "region"];
  terminal.print(
    renderTable(
      titles.map((title) => ({ title })),
      rows,
      terminal,
    ),
  );
}

function printStrategies({ terminal }: Environment, options: CommonOptions): void {
  const strategies = routingStrategies.map(({ name, description }) => ({ name, description }));
  const rows = strategies.map(({ name, description }) => [name, description]);
  if (options.json) terminal.printJson(strategies);
  else terminal.print(renderTable([{ title: "strategy" }, { title: "what it does" }], rows, terminal));
}

const nameOf = ({ provider, model }: RoutableModel): string => `${provider}/${model}`;
const windowOf = (tokens: number): string => (Number.isFinite(tokens) ? tokens.toLocaleString("en") : "unknown");

const priceOf = ({ inputUsdPerMillion, outputUsdPerMillion }: RoutableModel): string =>
  inputUsdPerMillion === null || outputUsdPerMillion === null
    ? "unknown"
    : `${inputUsdPerMillion.toFixed(2)} / ${outputUsdPerMillion.toFixed(2)}`;

const abilitiesOf = ({ parts, features, reasons }: RoutableModel): string =>
  [
    ...(parts.images === "sent" ? ["images"] : []),
    ...(parts.tools === "sent" ? [features.parallelTools ? "tools" : "one tool at a time"] : []),
    ...(parts.outputSchema === "sent" ? ["schemas"] : []),
    ...(reasons ? ["reasoning"] : []),
    ...(features.streaming ? [] : ["no streaming"]),
  ].join(", ");
