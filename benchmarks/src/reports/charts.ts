// The page's charts, as SVG and HTML without scripts. Bars hold no text, so they may be stretched to any width.
import { stages } from "@nocp/contracts/topology.ts";
import { change, groupName, percent } from "../measurement/criteria.ts";
import type { TimeSplit } from "../measurement/measure-case.ts";
import type { GroupReport } from "../measurement/summarize-group.ts";
import { tokens } from "./compression-text.ts";
import { html, type Markup } from "./markup.ts";

/** A piece of a stacked bar: its share of the whole width, and the class that colours it. */
interface Piece {
  readonly share: number;
  readonly className: string;
  readonly title: string;
}

const barWidth = 1000;

function bar(pieces: readonly Piece[], className = ""): Markup {
  let left = 0;
  const rectangles = pieces.map(({ share, className: colour, title }) => {
    const width = Math.max(0, share) * barWidth;
    const rectangle = html`<rect x="${left.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="10" class="${colour}"><title>${title}</title></rect>`;
    left += width;
    return rectangle;
  });
  return html`<svg class="bar ${className}" viewBox="0 0 ${barWidth} 10" preserveAspectRatio="none" role="img">${rectangles}</svg>`;
}

export function tokenChart(groups: readonly GroupReport[]): Markup {
  const rows = groups.map((group) => {
    const { input, cases } = group;
    const share = input.raw === 0 ? 1 : input.optimized / input.raw;
    const title = `${tokens(input.optimized / cases)} of ${tokens(input.raw / cases)} tokens`;
    return html`<div class="row">
      <div class="name">${groupName(group)}<small>${group.label}</small></div>
      <div class="track">${bar([{ share: Math.min(1, share), className: "nocp", title }])}</div>
      <div class="figures"><b>${change(input.reduction)}</b><small>${tokens(input.raw / cases)} → ${tokens(input.optimized / cases)}</small></div>
    </div>`;
  });
  return html`<div class="rows">${rows}</div>`;
}

const measuredParts = [...stages, "model"] as const;
const parts = ["queue", ...measuredParts] as const;
const partName = (part: (typeof parts)[number]): string =>
  part === "queue" ? "queue and transport" : part === "model" ? "model (simulated)" : part;

const partsOf = (split: TimeSplit) => ({
  ...split,
  queue: Math.max(
    0,
    measuredParts.reduce((rest, part) => rest - split[part], split.total),
  ),
});

export function latencyChart(groups: readonly GroupReport[]): Markup {
  const longest = Math.max(1, ...groups.flatMap(({ time }) => [time.raw.total, time.optimized.total]));
  const stacked = (split: TimeSplit) => {
    const times = partsOf(split);
    return bar(
      parts.map((part) => ({
        share: times[part] / longest,
        className: `part-${part}`,
        title: `${partName(part)}: ${times[part].toFixed(1)} ms`,
      })),
    );
  };
  const rows = groups.map(
    (group) => html`<div class="row">
      <div class="name">${groupName(group)}<small>NOCP alone: ${group.latencyWithoutModel.ratio.toFixed(2)} ×</small></div>
      <div class="pair">
        <span>raw</span>${stacked(group.time.raw)}<i>${group.time.raw.total.toFixed(0)} ms</i>
        <span>NOCP</span>${stacked(group.time.optimized)}<i>${group.time.optimized.total.toFixed(0)} ms</i>
      </div>
      <div class="figures"><b>${group.latency.ratio.toFixed(2)} ×</b><small>of the baseline's p50</small></div>
    </div>`,
  );
  const legend = parts.map((part) => html`<li><span class="swatch part-${part}"></span>${partName(part)}</li>`);
  return html`<ul class="legend">${legend}</ul><div class="rows">${rows}</div>`;
}

const plot = { left: 62, right: 390, top: 16, bottom: 196 };
const radii: readonly number[] = [5, 7.5, 10];
/** The axis starts here, or lower where a group is lower. */
const highestStart = 0.8;

/** Recall against reduction: a point a group, coloured by workload, the larger the more context it has. */
export function recallChart(groups: readonly GroupReport[]): Markup {
  const judged = groups.flatMap((group) => (group.recall ? [{ group, recall: group.recall.optimized }] : []));
  if (judged.length === 0) return html`<p class="muted">No case says what its answer needs, so recall was not measured.</p>`;
  const least = Math.max(0, Math.min(highestStart, Math.floor(Math.min(...judged.map(({ recall }) => recall)) * 10) / 10));
  const x = (share: number) => plot.left + Math.min(1, Math.max(0, share)) * (plot.right - plot.left);
  const y = (share: number) => plot.bottom - ((Math.max(least, share) - least) / (1 - least)) * (plot.bottom - plot.top);
  const names = [...new Set(judged.map(({ group }) => group.workload))];
  const across = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      html`<line x1="${x(share)}" x2="${x(share)}" y1="${plot.top}" y2="${plot.bottom}" class="grid"/><text x="${x(share)}" y="${plot.bottom + 17}" text-anchor="middle">${percentLabel(share)}</text>`,
  );
  const stepShare = least >= 0.75 ? 0.05 : 0.1;
  const up = Array.from({ length: Math.round((1 - least) / stepShare) + 1 }, (_, step) => {
    const share = 1 - step * stepShare;
    return html`<line x1="${plot.left}" x2="${plot.right}" y1="${y(share)}" y2="${y(share)}" class="grid"/><text x="${plot.left - 12}" y="${y(share) + 4}" text-anchor="end">${percentLabel(share)}</text>`;
  });
  const points = judged.map(({ group, recall }) => {
    const sizeAt = ["small", "medium", "large"].indexOf(group.size);
    const title = `${groupName(group)}: ${percent(group.input.reduction)} fewer tokens, recall ${percent(recall)}`;
    return html`<circle cx="${x(group.input.reduction).toFixed(1)}" cy="${y(recall).toFixed(1)}" r="${radii[sizeAt] ?? 7}" class="series-${names.indexOf(group.workload) % 6}"><title>${title}</title></circle>`;
  });
  const legend = names.map((name, at) => html`<li><span class="swatch round series-${at % 6}"></span>${name}</li>`);
  return html`<ul class="legend">${legend}</ul>
    <svg class="plot" viewBox="0 0 420 242" role="img" aria-label="Recall against reduction">
      <rect x="${x(0.5)}" y="${y(1)}" width="${x(1) - x(0.5)}" height="${Math.max(6, y(0.98) - y(1))}" class="goal"/>
      ${across}${up}${points}
      <text x="${(plot.left + plot.right) / 2}" y="${plot.bottom + 38}" text-anchor="middle">input tokens saved</text>
      <text x="14" y="${(plot.top + plot.bottom) / 2}" text-anchor="middle" transform="rotate(-90 14 ${(plot.top + plot.bottom) / 2})">answers with all they need</text>
    </svg>`;
}

const percentLabel = (share: number): string => `${Math.round(share * 100)} %`;
