// What /metrics shows, as metrics of OpenTelemetry: the same names and labels. Of a histogram its count and sum go out, since
// OpenTelemetry takes no buckets that were counted elsewhere.
import { type Attributes, metrics, type Observable } from "@opentelemetry/api";
import type { Metric, Registry } from "prom-client";

export function exportRegistry(registry: Registry, version: string): void {
  const meter = metrics.getMeter("nocp", version);
  for (const { name: shown, help: description, type } of registry.getMetricsAsArray()) {
    const name = String(type) === "counter" ? fullNameOf(shown) : shown;
    const metric = registry.getSingleMetric(name);
    if (metric === undefined) continue;
    if (String(type) === "gauge") observe(metric, meter.createObservableGauge(name, { description }));
    else if (String(type) === "counter") observe(metric, meter.createObservableCounter(name, { description }));
    else
      for (const part of [`${name}_count`, `${name}_sum`])
        observe(metric, meter.createObservableCounter(part, { description }), part);
  }
}

/** prom-client takes the ending off the names of counters once it has written OpenMetrics. */
const fullNameOf = (counter: string): string => (counter.endsWith("_total") ? counter : `${counter}_total`);

function observe(metric: Metric, instrument: Observable, part?: string): void {
  instrument.addCallback(async (result) => {
    for (const sample of (await metric.get()).values) {
      const isWanted = part === undefined || ("metricName" in sample && sample.metricName === part);
      if (isWanted) result.observe(sample.value, sample.labels as Attributes);
    }
  });
}
