// The compression report as one HTML page that needs nothing else.
import { type Criterion, change, percent, savingOf } from "../measurement/criteria.ts";
import type { GroupReport, ModelCost } from "../measurement/summarize-group.ts";
import { latencyChart, recallChart, tokenChart } from "./charts.ts";
import type { CompressionReport } from "./compression-report.ts";
import { costChange, kindRows, recallCell, sizesOf, usd, verdictOf } from "./compression-text.ts";
import { html, type Markup } from "./markup.ts";
import { pageStyle } from "./page-style.ts";

const card = (figure: string, what: string): Markup => html`<div class="card"><b>${figure}</b><span>${what}</span></div>`;

function headline({ total }: CompressionReport): Markup {
  const [reference] = total.costs;
  return html`<div class="cards">
    ${card(change(total.input.reduction), "input tokens, all cases together")}
    ${total.recall ? card(percent(total.recall.optimized), `of answers have all they need (raw: ${percent(total.recall.raw)})`) : html``}
    ${reference ? card(costChange(reference.uncached), `cost at ${reference.model}, uncached`) : html``}
    ${card(`${total.latencyRatio.toFixed(2)} ×`, "latency of the baseline, mean of the groups' p50")}
    ${total.output ? card(change(total.output.reduction), "output tokens of tables") : html``}
  </div>`;
}

const criterionItem = (criterion: Criterion): Markup => html`<li>
  <span class="badge ${criterion.met ? "met" : "missed"}">${criterion.met ? "met" : "MISSED"}</span>
  <div>${criterion.name}<br><small>${verdictOf(criterion)}</small></div>
</li>`;

const costRow = ({ model, uncached, cached }: ModelCost): Markup => {
  const crossed = { raw: cached.raw, optimized: uncached.optimized };
  return html`<tr><td>${model}</td>
    <td>${usd(uncached.raw)}</td><td>${usd(uncached.optimized)}</td><td><b>${costChange(uncached)}</b></td>
    <td>${usd(cached.raw)}</td><td>${usd(cached.optimized)}</td><td><b>${costChange(cached)}</b></td>
    <td class="${(savingOf(crossed) ?? 0) < 0 ? "worse" : ""}">${costChange(crossed)}</td></tr>`;
};

const costTable = ({ total, settings }: CompressionReport): Markup => html`<section>
  <h2>Cost</h2>
  <p class="muted">US dollars for all ${total.cases} cases by ${settings.priceTable}. “Cached” takes the whole input as read from the provider's cache; the last column is the worst case: raw context always in the cache, optimized one never.</p>
  <div class="scroll"><table><thead>
    <tr><th>model</th><th>raw</th><th>NOCP</th><th>change</th><th>raw,<br>cached</th><th>NOCP,<br>cached</th><th>change</th><th>raw cached,<br>NOCP not</th></tr>
  </thead><tbody>${total.costs.map(costRow)}</tbody></table></div></section>`;

function kindTable(groups: readonly GroupReport[]): Markup {
  const rows = kindRows(groups);
  if (rows.length === 0) return html``;
  return html`<section>
    <h2>Recall by kind of question</h2>
    <p class="muted">Share of cases whose answer holds all it needs with NOCP, of the number in brackets.</p>
    <div class="scroll"><table><thead><tr><th>question</th>${sizesOf(groups).map((size) => html`<th>${size}</th>`)}</tr></thead><tbody>
    ${rows.map(
      ({ workload, kind, recalls }) =>
        html`<tr><td>${kind}<br><small>${workload}</small></td>${recalls.map(
          (recall) => html`<td class="${recall && recall.optimized < recall.raw ? "worse" : ""}">${recallCell(recall)}</td>`,
        )}</tr>`,
    )}</tbody></table></div></section>`;
}

const list = (title: string, lines: readonly string[]): Markup =>
  lines.length === 0
    ? html``
    : html`<section><h2>${title}</h2><ul class="plain">${lines.map((line) => html`<li>${line}</li>`)}</ul></section>`;

/** @returns the whole document; everything that comes from cases, files or settings is escaped in it. */
export function renderPage(report: CompressionReport): string {
  const { at, machine, groups, criteria, failures, total } = report;
  const missed = criteria.filter(({ met }) => !met).length;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>NOCP: compression measured, ${at.slice(0, 10)}</title><style>${{ markup: pageStyle }}</style></head>
<body><main>
<h1>The same answers from fewer tokens?</h1>
<p class="muted">${total.cases} cases, each through the whole pipeline with and without NOCP, on ${at.slice(0, 16).replace("T", " ")} UTC. ${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, Node ${machine.node}.</p>
${headline(report)}
<section><h2>Criteria: ${criteria.length - missed} of ${criteria.length} met</h2>
<p class="muted">A criterion is met when every group keeps it.</p>
<ul class="criteria">${criteria.map(criterionItem)}</ul></section>
<section><h2>Input tokens</h2>
<p class="muted">What is left (coloured) of what there was (grey), mean of a case as the model server counted it.</p>
${tokenChart(groups)}</section>
<section><h2>Recall against reduction</h2>
<p class="muted">A point a group, the larger the more context; the shaded corner is where all of them should be.</p>
${recallChart(groups)}</section>
<section><h2>Where the time goes</h2>
<p class="muted">Mean of a case. The model's time is simulated: it grows with the prompt.</p>
${latencyChart(groups)}</section>
${costTable(report)}
${kindTable(groups)}
<div class="two">${list("How it was measured", report.howMeasured)}${list("To be read with it", report.notes)}</div>
${list(
  "Not measured",
  failures.map(({ id, message }) => `${id}: ${message}`),
)}
</main></body></html>
`.markup;
}
