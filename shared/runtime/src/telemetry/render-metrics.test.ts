import { Counter, Gauge, Registry } from "prom-client";
import { expect, test } from "vitest";
import { createMetricDefiner, createRegistry } from "./define-metrics.ts";
import { renderMetrics } from "./render-metrics.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const openMetrics =
  "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;q=0.5";

function filled(registry: Registry): Registry {
  const define = createMetricDefiner(registry);
  define.counter("x_total", "Calls. Unit: calls.", ["model"]).inc({ model: 'a "b" # {trace_id="1"} 2' }, 3);
  new Counter({ name: "y_total", help: "Without labels.", registers: [registry] }).inc();
  new Gauge({ name: "z", help: "A gauge.", registers: [registry] }).set(4);
  const duration = define.histogram("d_seconds", "Durations. Unit: seconds.", [1, 5], ["model"]);
  duration.observe({ model: "m" }, 2, traceId);
  duration.observe({ model: "m" }, 7, traceId);
  duration.observe({ model: "m" }, 0.5);
  return registry;
}

/** The lines that are values, without what only one of the formats has. */
const seriesOf = (text: string) => text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

test("who asks for OpenMetrics gets the trace of the last value in each bucket, and an end mark", async () => {
  const { contentType, body } = await renderMetrics(filled(createRegistry()), openMetrics);
  expect(contentType).toBe(Registry.OPENMETRICS_CONTENT_TYPE);
  expect(body).toMatch(new RegExp(`^d_seconds_bucket{le="5",model="m"} 2 # {trace_id="${traceId}"} 2 [\\d.]+$`, "m"));
  expect(body).toMatch(new RegExp(`^d_seconds_bucket{le="\\+Inf",model="m"} 3 # {trace_id="${traceId}"} 7 [\\d.]+$`, "m"));
  expect(body).toMatch(/^d_seconds_bucket\{le="1",model="m"\} 1$/m);
  expect(body).toMatch(/^# TYPE x counter$/m);
  expect(body.endsWith("# EOF\n")).toBe(true);
});

test.each([undefined, "*/*", "text/plain;version=0.0.4"])(
  "anyone else gets what a registry without exemplars writes: %s",
  async (accept) => {
    const { contentType, body } = await renderMetrics(filled(createRegistry()), accept);
    expect(contentType).toBe(Registry.PROMETHEUS_CONTENT_TYPE);
    const plain = await filled(new Registry()).metrics();
    expect(body.replaceAll(/\n+/g, "\n")).toBe(plain.replaceAll(/\n+/g, "\n"));
  },
);

test("both formats have the same series, in whatever order they are asked for", async () => {
  const registry = filled(createRegistry());
  const texts = [];
  for (const accept of [undefined, openMetrics, undefined, openMetrics]) texts.push((await renderMetrics(registry, accept)).body);
  const withoutTraces = texts.map((text) => seriesOf(text).map((line) => line.replace(/ # \{trace_id="[0-9a-f]{32}"\}.*$/, "")));
  for (const series of withoutTraces) expect(series).toEqual(withoutTraces[0]);
});
