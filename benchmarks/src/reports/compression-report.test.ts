import { type Stage, stages } from "@nocp/contracts/topology.ts";
import { describe, expect, it } from "vitest";
import { change, evaluateCriteria } from "../measurement/criteria.ts";
import { type ArmMeasurement, recallOf } from "../measurement/measure-case.ts";
import type { MeasuredPair } from "../measurement/measure-groups.ts";
import { priceOf } from "../measurement/model-prices.ts";
import { type GroupReport, recallOfPairs, summarizeGroup } from "../measurement/summarize-group.ts";
import { renderPage } from "./compression-page.ts";
import { createCompressionReport } from "./compression-report.ts";
import { renderMarkdown, renderText, usd } from "./compression-text.ts";
import { html } from "./markup.ts";

const at = Date.parse("2026-11-21T12:00:00Z");

const millisecondOfEachStage = Object.fromEntries(stages.map((stage) => [stage, 1])) as Record<Stage, number>;

const arm = (more: Partial<ArmMeasurement> & { readonly total?: number; readonly model?: number } = {}): ArmMeasurement => ({
  inputTokens: 1000,
  outputTokens: 20,
  answerTokens: { raw: 20, optimized: 20 },
  timeMs: { ...millisecondOfEachStage, assess: 10, total: more.total ?? 300, model: more.model ?? 200 },
  factShare: 1,
  answered: true,
  strategies: [],
  ...more,
});
const pair = (
  raw: Parameters<typeof arm>[0],
  optimized: Parameters<typeof arm>[0],
  more: Partial<MeasuredPair> = {},
): MeasuredPair => ({
  id: "case",
  kind: "look-up",
  isTable: false,
  raw: arm(raw),
  optimized: arm(optimized),
  ...more,
});
const group = (pairs: readonly MeasuredPair[], more: { readonly workload?: string; readonly size?: string } = {}): GroupReport =>
  summarizeGroup({ workload: "retrieval", size: "small", label: "10 documents", ...more, pairs }, at);
const verdict = (name: RegExp, groups: readonly GroupReport[]) =>
  evaluateCriteria(groups).find((criterion) => name.test(criterion.name));

describe("a group's numbers", () => {
  it("are sums of tokens, so that a large case weighs as much as it costs", () => {
    const { input } = group([
      pair({ inputTokens: 9000 }, { inputTokens: 900 }),
      pair({ inputTokens: 1000 }, { inputTokens: 1000 }),
    ]);
    expect(input).toMatchObject({ raw: 10_000, optimized: 1900, reduction: 0.81 });
  });

  it("count as output reduction only what was a table", () => {
    const answerTokens = { raw: 100, optimized: 60 };
    expect(group([pair({}, { answerTokens }), pair({}, {})]).output).toBeNull();
    const { output } = group([pair({}, { answerTokens }, { isTable: true }), pair({}, {})]);
    expect(output).toMatchObject({ cases: 1, raw: 100, optimized: 60 });
    expect(output?.reduction).toBeCloseTo(0.4, 9);
  });

  it("hold recall of those cases alone that say what they need", () => {
    const unknown = { answered: undefined, factShare: undefined };
    expect(recallOfPairs([pair(unknown, unknown)])).toBeNull();
    const recall = recallOfPairs([pair({}, { answered: false, factShare: 0.5 }), pair({}, {}), pair(unknown, unknown)]);
    expect(recall).toEqual({ cases: 2, raw: 1, optimized: 0.5, rawFacts: 1, optimizedFacts: 0.75 });
  });

  it("hold the latency with and without the model's time", () => {
    const { latency, latencyWithoutModel } = group([pair({ total: 300, model: 200 }, { total: 450, model: 150 })]);
    expect(latency).toEqual({ rawP50Ms: 300, optimizedP50Ms: 450, ratio: 1.5 });
    expect(latencyWithoutModel.ratio).toBe(3);
  });
});

describe("money", () => {
  it("is what the vendors publish, cached and not", () => {
    const tokens = { inputTokens: 1_000_000, outputTokens: 0 };
    expect(priceOf(tokens, { vendor: "openai", model: "gpt-4o" }, false, at)).toBeCloseTo(2.5, 9);
    expect(priceOf(tokens, { vendor: "openai", model: "gpt-4o" }, true, at)).toBeCloseTo(1.25, 9);
  });

  it("of a model without a price is unknown, never 0", () => {
    expect(priceOf({ inputTokens: 10, outputTokens: 1 }, { vendor: "openai", model: "gpt-of-tomorrow" }, false, at)).toBeNull();
    expect(usd(null)).toBe("unknown");
  });

  it("has a price for every model that the report names", () => {
    const { costs } = group([pair({}, {})]);
    expect(costs.length).toBeGreaterThan(3);
    for (const { model, uncached, cached } of costs) {
      expect(uncached.raw, model).toBeGreaterThan(0);
      expect(cached.raw, model).toBeLessThan(uncached.raw!);
    }
  });
});

describe("a change", () => {
  it.each([
    [0.619, "−61.9 %"],
    [0, "0.0 %"],
    [-0.0001, "0.0 %"],
    [-0.04, "+4.0 %"],
  ])("of %d is written %s", (reduction, text) => expect(change(reduction)).toBe(text));
});

describe("the criteria", () => {
  it("name the group that is nearest to missing them, whichever way is worse", () => {
    const one = group([pair({}, { inputTokens: 100, total: 310 })]);
    const other = group([pair({}, { inputTokens: 300, total: 290 })], { size: "large" });
    expect(verdict(/^input/, [one, other])?.worst.group).toBe("retrieval large");
    expect(verdict(/^latency/, [one, other])?.worst.group).toBe("retrieval small");
  });

  it.each([
    ["input", /^input/, { inputTokens: 1000 }, { inputTokens: 499 }, true],
    ["input at the limit", /^input/, { inputTokens: 1000 }, { inputTokens: 500 }, false],
    ["documents at the limit", /^documents/, { inputTokens: 1000 }, { inputTokens: 400 }, true],
    ["documents below", /^documents/, { inputTokens: 1000 }, { inputTokens: 401 }, false],
    ["latency", /^latency/, { total: 300 }, { total: 599 }, true],
    ["latency at the limit", /^latency/, { total: 300 }, { total: 600 }, false],
    ["cost", /uncached/, { inputTokens: 100_000 }, { inputTokens: 50_000 }, true],
    ["cost below", /uncached/, { inputTokens: 100_000 }, { inputTokens: 65_000 }, false],
    [
      "cost with cached input, where output weighs more",
      / cached/,
      { inputTokens: 1000, outputTokens: 500 },
      { inputTokens: 100, outputTokens: 500 },
      false,
    ],
  ] as const)("%s", (_name, name, raw, optimized, met) => {
    expect(verdict(name, [group([pair(raw, optimized)])])?.met).toBe(met);
  });

  it("allow two points of recall and no more", () => {
    const answers = (wrong: number) =>
      group(Array.from({ length: 50 }, (_, index) => pair({}, { answered: index >= wrong, factShare: Number(index >= wrong) })));
    expect(verdict(/recall/, [answers(1)])?.met).toBe(true);
    expect(verdict(/recall/, [answers(2)])?.met).toBe(false);
  });

  it("are met only when every group meets them, and name the one that does not", () => {
    const good = group([pair({}, { inputTokens: 100 })]);
    const bad = group([pair({}, { inputTokens: 900 })], { workload: "conversation", size: "large" });
    expect(verdict(/^input/, [good, bad])).toMatchObject({
      met: false,
      verdicts: [{ met: true }, { met: false, group: "conversation large", text: "10.0 %" }],
    });
  });

  it("are left out where they apply to nothing", () => {
    expect(verdict(/^documents/, [group([pair({}, {})], { workload: "database" })])).toBeUndefined();
    expect(verdict(/^output/, [group([pair({}, {})])])).toBeUndefined();
  });
});

describe("recall of an answer", () => {
  const question = { kind: "k", query: "q", needs: ["ORD-1", "ORD-2"] };
  it.each([
    ["all", "ORD-1, ORD-2", 1, true],
    ["all", "ORD-1", 0.5, false],
    ["any", "ORD-2", 1, true],
    ["any", "none", 0, false],
  ] as const)("%s of them in %j", (enough, answer, factShare, answered) => {
    expect(recallOf({ ...question, enough }, answer)).toEqual({ factShare, answered });
  });
});

describe("the report", () => {
  const hostile = `<script>alert("x")</script>&'|`;
  const report = createCompressionReport({
    at: "2026-11-21T12:00:00.000Z",
    machine: { cores: 2, cpu: hostile, memoryGiB: 8, node: "v24" },
    settings: { seed: hostile, dataFolder: hostile, modelDelayMs: 200, prefillMsPerThousandTokens: 10 },
    groups: [
      group([pair({}, { inputTokens: 100 }, { kind: hostile, isTable: true })], { workload: hostile, size: hostile }),
      group([pair({}, { inputTokens: 900 })]),
    ],
    failures: [{ id: hostile, message: hostile }],
  });

  it("says what was met and what was missed, and what could not be measured", () => {
    const text = renderText(report);
    expect(text).toMatch(/MISSED {2}input reduced by more than 50 %\n +in 1 of 2: retrieval small 10.0 %/);
    expect(text).toMatch(/met {5}latency.*\n +in all 2, the nearest to missing it: /);
    expect(text).toContain("not measured: <script>");
  });

  it("as text fits a terminal of 80 columns", () => {
    const large = group([pair({ inputTokens: 234_567, total: 1234 }, { inputTokens: 123_456 }, { isTable: true })], {
      workload: "conversation",
      size: "medium",
    });
    const text = renderText(createCompressionReport({ ...report, groups: [large] }));
    const tableLines = text.split("\n").filter((line) => /^(group|model|conversation|gpt|claude|gemini)/.test(line));
    expect(tableLines.length).toBeGreaterThan(6);
    expect(Math.max(...tableLines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it("as a page is well formed and escapes everything that it did not write itself", () => {
    const page = renderPage(report);
    expect(page).not.toContain("<script");
    expect(page).not.toMatch(/\b(src|href)=/);
    expect(page).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;|");
    expect(page).not.toMatch(/NaN|undefined|\[object/);
    for (const tag of ["section", "div", "table", "tr", "td", "svg", "ul", "li", "small", "b"]) {
      const count = (pattern: RegExp) => page.match(pattern)?.length ?? 0;
      expect(count(new RegExp(`<${tag}[ >]`, "g")), tag).toBe(count(new RegExp(`</${tag}>`, "g")));
    }
  });

  it("as Markdown keeps its tables whole", () => {
    const rows = renderMarkdown(report)
      .split("\n")
      .filter((line) => line.startsWith("| ") && line.includes("retrieval small"));
    expect(rows.length).toBeGreaterThan(0);
    expect(renderMarkdown(report)).not.toContain("<script");
    expect(renderMarkdown(report)).toContain("\\|");
  });

  it("of no measured case at all is still a report", () => {
    const empty = createCompressionReport({ ...report, groups: [] });
    expect(renderPage(empty)).not.toMatch(/NaN|Infinity/);
    expect(renderMarkdown(empty)).not.toMatch(/NaN|Infinity/);
  });

  it("is the same in JSON after a round trip", () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe("a template of HTML", () => {
  it("escapes text and takes markup as it is", () => {
    expect(html`<p title="${'"'}">${"<b>"}${html`<i>${1}</i>`}${[html`<u></u>`]}</p>`.markup).toBe(
      '<p title="&quot;">&lt;b&gt;<i>1</i><u></u></p>',
    );
  });
});
