// The comparison of gateways as Markdown: a table for each upstream, then what is wanted and what came of it.
import type { GatewayFigures } from "../peers/gateways/compare-gateways.ts";
import { contenderNames } from "../peers/gateways/contender-names.ts";
import { type GatewayGoal, isMet } from "./gateway-goals.ts";
import { markdownTable } from "./table.ts";

const ofConcurrency = (concurrency: number): string[] =>
  ["calls/s", "p50 ms", "p99 ms", "added ms"].map((title) => `${title}, ${concurrency}`);
const ratioTitles = ["× Portkey", "× LiteLLM"];

export function renderGateways(
  figures: readonly GatewayFigures[],
  goals: readonly GatewayGoal[],
  notes: readonly string[],
): string {
  const upstreams = [...new Set(figures.map(({ upstreamDelayMs }) => upstreamDelayMs))];
  return [
    ...upstreams.flatMap((delayMs) => [
      ...[`The model's server answers ${delayMs === 0 ? "at once" : `after ${delayMs} ms`}:`, ""],
      ...tableOf(figures.filter(({ upstreamDelayMs }) => upstreamDelayMs === delayMs)),
      "",
    ]),
    ...(goals.length === 0 ? [] : [...goalsTable(goals), ""]),
    ...notes.map((note) => `- ${note}`),
  ].join("\n");
}

/** @param figures of one upstream. */
function tableOf(figures: readonly GatewayFigures[]): string[] {
  const contenders = [...new Set(figures.map(({ contender }) => contender))];
  const concurrencies = [...new Set(figures.map(({ concurrency }) => concurrency))];
  const find = (name: string, concurrency: number) =>
    figures.find((one) => one.contender === name && one.concurrency === concurrency);
  const most = Math.max(...concurrencies);
  const rows = contenders.map((name) => {
    const loaded = find(name, most);
    return [
      name,
      ...concurrencies.flatMap((concurrency) => cellsOf(find(name, concurrency), find(contenderNames.control, concurrency))),
      milliseconds(find(name, 1)?.firstPieceMs?.p50),
      // The control's own process is the model's server.
      name === contenderNames.control ? "–" : milliseconds(loaded?.processorMs),
      ...[contenderNames.portkey, contenderNames.litellm].map((peer) => ratioText(loaded, find(peer, most))),
      errorsText(concurrencies.flatMap((concurrency) => find(name, concurrency) ?? [])),
    ];
  });
  const columns = ["", ...concurrencies.flatMap(ofConcurrency), "first piece ms", "CPU ms", ...ratioTitles, "errors"];
  return markdownTable(columns, rows, [0]);
}

const cellsOf = (figures: GatewayFigures | undefined, control: GatewayFigures | undefined): string[] => [
  figures ? figures.requestsPerSecond.toFixed(0) : "–",
  milliseconds(figures?.latencyMs.p50),
  milliseconds(figures?.latencyMs.p99),
  figures && control && figures !== control ? milliseconds(figures.latencyMs.p50 - control.latencyMs.p50) : "–",
];

const milliseconds = (value: number | undefined): string =>
  value === undefined ? "–" : value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);

const ratioText = (figures: GatewayFigures | undefined, than: GatewayFigures | undefined): string =>
  figures && than && than.requestsPerSecond > 0 ? (figures.requestsPerSecond / than.requestsPerSecond).toFixed(2) : "–";

function errorsText(figures: readonly GatewayFigures[]): string {
  const counts = new Map<string, number>();
  for (const { errors } of figures)
    for (const [code, count] of Object.entries(errors)) counts.set(code, (counts.get(code) ?? 0) + count);
  return counts.size === 0 ? "0" : [...counts].map(([code, count]) => `${count} × ${code}`).join(", ");
}

function goalsTable(goals: readonly GatewayGoal[]): string[] {
  const wanted = (limit: number, { bound, unit }: GatewayGoal) => `${bound === "least" ? "≥" : "≤"} ${limitText(limit, unit)}`;
  const rows = goals.map((goal) => {
    const { what, value, floor, aim, unit } = goal;
    const verdict = !isMet(goal, floor) ? "MISSED" : aim !== undefined && isMet(goal, aim) ? "aim met" : "met";
    const limits = aim === undefined ? wanted(floor, goal) : `${wanted(floor, goal)} (aim ${limitText(aim, unit)})`;
    return [what, `${value.toFixed(2)} ${unit}`, limits, verdict];
  });
  return markdownTable(["", "measured", "wanted", ""], rows, [0, 3]);
}

const limitText = (limit: number, unit: string): string => `${Number(limit.toFixed(2))} ${unit}`;
