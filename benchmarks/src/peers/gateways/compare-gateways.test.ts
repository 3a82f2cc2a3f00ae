import { describe, expect, test } from "vitest";
import { gatewayGoals, isMet } from "../../reports/gateway-goals.ts";
import { renderGateways } from "../../reports/gateways-text.ts";
import { compareGateways, type GatewayFigures } from "./compare-gateways.ts";
import type { Contender } from "./contender.ts";
import { contenderNames } from "./contender-names.ts";

const plan = { upstreamDelaysMs: [0, 5], concurrencies: [1, 4], rounds: 2, seconds: 0.05, warmUpSeconds: 0.01 };

/** Answers after the upstream's time and its own. */
function contender(name: string, { fails = false, streams = true } = {}) {
  const seen = { closed: 0, most: 0 };
  let running = 0;
  const answer = async (delayMs: number) => {
    seen.most = Math.max(seen.most, ++running);
    await new Promise((resolve) => setTimeout(resolve, delayMs + 1));
    running -= 1;
    if (fails) throw Object.assign(new Error("no"), { code: "503" });
  };
  const made: Contender = {
    name,
    processIds: () => [process.pid],
    callerFor: (delayMs) => ({
      call: () => answer(delayMs),
      ...(streams ? { begin: () => answer(delayMs) } : {}),
      close: () => void seen.closed++,
    }),
  };
  return { made, seen };
}

describe("gateways under the same calls", () => {
  test("each get their turns at every upstream and concurrency, and are closed", async () => {
    const one = contender("one");
    const other = contender("other", { streams: false });
    const steps: string[] = [];
    const figures = await compareGateways([one.made, other.made], plan, (line) => steps.push(line));
    const places = figures.map(({ contender, upstreamDelayMs, concurrency }) => [contender, upstreamDelayMs, concurrency]);
    expect(new Set(places.map(String)).size).toBe(8);
    for (const { latencyMs, upstreamDelayMs, errors } of figures) {
      expect(latencyMs.count).toBeGreaterThan(0);
      expect(latencyMs.p50).toBeGreaterThanOrEqual(upstreamDelayMs);
      expect(errors).toEqual({});
    }
    expect(one.seen.most).toBe(4);
    expect(one.seen.closed).toBeGreaterThan(0);
    const streamed = figures.filter(({ firstPieceMs }) => firstPieceMs !== undefined);
    expect(streamed.map(({ contender, concurrency }) => [contender, concurrency])).toEqual([
      ["one", 1],
      ["one", 1],
    ]);
    expect(steps.filter((line) => line.startsWith("round"))).toHaveLength(8);
  });

  test("say which of their calls failed", async () => {
    const figures = await compareGateways([contender("one", { fails: true }).made], plan, () => undefined);
    for (const { errors, latencyMs } of figures) {
      expect(errors["503"]).toBeGreaterThan(0);
      expect(latencyMs.count).toBe(0);
    }
    expect(renderGateways(figures, [], [])).toMatch(/\d+ × 503/);
  });
});

describe("the report of gateways", () => {
  const distribution = (p50: number) => ({ count: 10, mean: p50, p50, p95: p50, p99: 2 * p50, max: 3 * p50 });
  const figuresOf = (
    contender: string,
    upstreamDelayMs: number,
    concurrency: number,
    requestsPerSecond: number,
    p50: number,
  ): GatewayFigures => ({
    ...{ contender, upstreamDelayMs, concurrency, requestsPerSecond, elapsedMs: 1_000, errors: {} },
    latencyMs: distribution(p50),
    firstPieceMs: distribution(p50 + 1),
    processorMs: 1.5,
  });
  const { control, portkey, direct, queue, chain } = contenderNames;
  const figures = [
    figuresOf(control, 20, 1, 48, 21),
    figuresOf(portkey, 20, 1, 43, 23),
    figuresOf(direct, 20, 1, 45, 22.25),
    figuresOf(portkey, 1, 64, 800, 75),
    figuresOf(queue, 1, 64, 400, 150),
    figuresOf(chain, 1, 64, 900, 70),
  ];
  const goalOf = (what: string) => gatewayGoals(figures).find((goal) => goal.what === what)!;

  test("shows what each adds to the model's server, and how it compares with the others", () => {
    const text = renderGateways(figures, gatewayGoals(figures), ["a note"]);
    expect(text).toMatch(/\| NOCP, direct path +\| +45 \| +22\.3 \| +44\.5 \| +1\.25 \|/);
    expect(text).toMatch(/\| NOCP, five processes +\|.*\| +1\.50 \| +0\.50 \| +– \| +0 \|/);
    expect(text).toContain("- a note");
  });

  test("holds it against what is wanted, and says what was missed", () => {
    expect(goalOf("five processes, calls/s of Portkey's, 1 ms")).toMatchObject({ value: 0.5, floor: 0.9 });
    expect(isMet(goalOf("five processes, calls/s of Portkey's, 1 ms"), 0.9)).toBe(false);
    expect(goalOf("chain, calls/s of the five processes', 1 ms").value).toBe(2.25);
    expect(goalOf("direct path, added to one call, 20 ms").value).toBe(1.25);
    expect(goalOf("the same, beside Portkey's")).toMatchObject({ value: 1.25, floor: 2 });
    const text = renderGateways(figures, gatewayGoals(figures), []);
    expect(text).toMatch(/five processes, calls\/s of Portkey's, 1 ms +\| +0\.50 × \| +≥ 0\.9 × \(aim 1\.2 ×\) \| MISSED/);
    expect(text).toMatch(/direct path, added to one call, 20 ms +\| +1\.25 ms \| +≤ 1\.5 ms \(aim 1 ms\) \| met/);
  });

  test("leaves out goals of what was not measured", () => {
    expect(gatewayGoals(figures).map(({ what }) => what)).not.toContain("direct path, calls/s of LiteLLM's, instant");
    expect(gatewayGoals([])).toEqual([]);
  });
});
