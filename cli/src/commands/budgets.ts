// ./nocp budgets: what may be spent by whom, and what is spent of it.
import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { allowanceText, type Budget, budgetScopes, softActions } from "@nocp/runtime/budgets/budget.ts";
import { changeBudgets, resetAt, scopeText, viewBudgets } from "@nocp/runtime/budgets/stored-budgets.ts";
import type { Environment } from "../command.ts";
import { allowance, numberFrom } from "../options/option-values.ts";
import { type ClientCommandOptions, withClientOptions } from "../options/shared-options.ts";
import { withBroker } from "../requests/open-client.ts";
import { renderTable } from "../terminal/render-table.ts";

interface SetOptions extends ClientCommandOptions, Partial<Record<(typeof budgetScopes)[number], string>> {
  readonly limit: Pick<Budget, "limit" | "unit" | "per">;
  readonly soft?: number | undefined;
  readonly onSoft: Budget["onSoft"];
}

export function declareCommand(command: Command, environment: Environment): void {
  withClientOptions(
    command
      .command("set")
      .description("Set a budget. What has been spent of it stays spent. Services apply the change within a few seconds.")
      .argument("<id>", "letters, digits, - and _", budgetId)
      .requiredOption("--limit <allowance>", "e.g. 5usd/day, 60requests/minute, 200000tokens/month, 0.1usd/request", allowance)
      .option("--tenant <tenant>", "only this tenant's; * for each tenant separately, acme* for all with that prefix together")
      .option("--key <id>", "only this key's of the HTTP API; * for each")
      .option("--tag <tag>", "only requests with this tag; * for each")
      .option("--model <model>", "only this model, as provider/model; * for each, openai/* for a provider's together")
      .option("--soft <amount>", "from this amount on, results carry a warning", numberFrom(0))
      .addOption(
        new Option(
          "--on-soft <what>",
          "warn; cheapest: also call the cheapest candidate of a route first; economy: also call models of the tier economy before the route",
        )
          .choices(softActions)
          .default("warn" as const),
      ),
  ).action((id, options) => setBudget(environment, id, options));
  withClientOptions(command.command("list").description("List the budgets and how much of them is spent.")).action((options) =>
    listBudgets(environment, options),
  );
  withClientOptions(
    command.command("show").description("Show who has spent how much of a budget.").argument("<id>", "the budget"),
  ).action((id, options) => showBudget(environment, id, options));
  withClientOptions(command.command("delete").description("Delete a budget.").argument("<id>", "the budget")).action(
    (id, options) => deleteBudget(environment, id, options),
  );
}

async function setBudget(environment: Environment, id: string, options: SetOptions): Promise<void> {
  const { limit, soft, onSoft } = options;
  if (soft !== undefined && soft >= limit.limit)
    throw new NocpError("USAGE", `--soft ${soft} is not below the limit of ${limit.limit}`);
  const named = budgetScopes.flatMap((scope) => (options[scope] === undefined ? [] : [[scope, options[scope]] as const]));
  const budget: Budget = { id, scope: Object.fromEntries(named), ...limit, soft: soft ?? null, onSoft };
  await withBroker(environment, options, (broker) =>
    changeBudgets(broker, (budgets) => [...budgets.filter((other) => other.id !== id), budget]),
  );
  if (options.json) environment.terminal.printJson(budget);
  else environment.terminal.note(`budget ${id}: ${allowanceText(budget)} for ${scopeText(budget)}`);
}

async function listBudgets(environment: Environment, options: ClientCommandOptions): Promise<void> {
  const { terminal } = environment;
  const now = Date.now();
  const budgets = await withBroker(environment, options, (broker) => viewBudgets(broker, now));
  if (options.json) return terminal.printJson(budgets);
  if (budgets.length === 0) return terminal.print("there are no budgets; create one with ./nocp budgets set");
  const rows = budgets.map((budget) => {
    const [most, ...others] = budget.counters;
    const spent = budget.per === "request" ? "" : amountText(most?.spent ?? 0, budget);
    const by = most && most.counted !== "" && others.length > 0 ? ` (${most.counted}, and ${others.length} more)` : "";
    return [
      budget.id,
      allowanceText(budget),
      scopeText(budget),
      `${spent}${by}`,
      amountText(most?.held ?? 0, budget),
      resetText(budget, now),
    ];
  });
  const columns = [
    { title: "id" },
    { title: "limit" },
    { title: "for" },
    { title: "spent", align: "right" as const },
    { title: "held", align: "right" as const },
    { title: "resets at (UTC)" },
  ];
  terminal.print(renderTable(columns, rows, terminal));
}

async function showBudget(environment: Environment, id: string, options: ClientCommandOptions): Promise<void> {
  const { terminal } = environment;
  const now = Date.now();
  const budget = existing(await withBroker(environment, options, (broker) => viewBudgets(broker, now)), id);
  if (options.json) return terminal.printJson(budget);
  const soft = budget.soft === null ? "" : `; from ${amountText(budget.soft, budget)} on: ${budget.onSoft}`;
  terminal.print(`${allowanceText(budget)} for ${scopeText(budget)}${soft}`);
  if (budget.per === "request") return terminal.print("counted for each request separately");
  if (budget.counters.length === 0) return terminal.print("nothing is spent");
  const columns = ["counted by", "spent", "held", "left"].map((title, at) => ({
    title,
    align: at === 0 ? ("left" as const) : ("right" as const),
  }));
  const cells = budget.counters.map(({ counted, spent, held }) => [
    counted || "all",
    ...[spent, held, Math.max(0, budget.limit - spent - held)].map((value) => amountText(value, budget)),
  ]);
  terminal.print(renderTable(columns, cells, terminal));
  terminal.note(`resets at ${resetText(budget, now)} UTC; held: reserved by calls in flight, or kept in reserve by a replica`);
}

async function deleteBudget(environment: Environment, id: string, options: ClientCommandOptions): Promise<void> {
  await withBroker(environment, options, (broker) =>
    changeBudgets(broker, (budgets) => {
      existing(budgets, id);
      return budgets.filter((budget) => budget.id !== id);
    }),
  );
  if (options.json) environment.terminal.printJson({ id, deleted: true });
  else environment.terminal.note(`budget ${id} is deleted`);
}

/** @throws NocpError USAGE */
function existing<B extends Budget>(budgets: readonly B[], id: string): B {
  const budget = budgets.find((one) => one.id === id);
  if (budget) return budget;
  throw new NocpError("USAGE", `there is no budget ${JSON.stringify(id)}`, { advice: "./nocp budgets list shows them." });
}

const resetText = (budget: Budget, now: number): string => resetAt(budget, now)?.slice(0, 16).replace("T", " ") ?? "each request";

const amountText = (value: number, { unit }: Budget): string =>
  unit === "usd" ? `$${value.toFixed(4)}` : Math.round(value).toLocaleString("en-US");

function budgetId(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError("It may hold letters, digits, - and _ only.");
}
