// Metrics on a registry, whose series are there before the first event where their labels are bounded: Prometheus sees no rise
// in a series that begins with its first event.
import { Counter, Histogram, type PrometheusContentType, Registry } from "prom-client";
import { createDeferredWork } from "./deferred-work.ts";

/** For durations from a millisecond to five minutes, in seconds. */
export const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** The values of each label. */
export type LabelValues<L extends string> = Readonly<Record<L, readonly string[]>>;

/** Every combination of the labels' values. */
export const combinationsOf = <L extends string>(values: LabelValues<L>): Record<L, string>[] =>
  (Object.entries(values) as [L, readonly string[]][]).reduce<Record<string, string>[]>(
    (made, [label, each]) => made.flatMap((one) => each.map((value) => ({ ...one, [label]: value }))),
    [{}],
  ) as Record<L, string>[];

/** A histogram whose buckets name a trace that fell into them, as an exemplar, where the registry can hold them. */
export interface TracedHistogram<L extends string> {
  /**
   * Entered some milliseconds later, and before anybody reads the metric: a request passes dozens of them, each of which looks
   * up its series by all labels.
   * @param labels not to be changed afterwards.
   * @param traceId of a recorded trace; absent for none.
   */
  observe(labels: Readonly<Record<L, string>>, value: number, traceId?: string | null): void;
  /** Makes the series of these labels, at zero. */
  zero(labels: Readonly<Record<L, string>>): void;
}

export interface MetricDefiner {
  /** @param help ends with the unit. */
  counter<L extends string = never>(name: string, help: string, labelNames?: readonly L[]): Counter<L>;
  /** With a series for every combination. */
  boundedCounter<L extends string>(name: string, help: string, values: LabelValues<L>): Counter<L>;
  histogram<L extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labelNames?: readonly L[],
  ): TracedHistogram<L>;
  boundedHistogram<L extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    values: LabelValues<L>,
  ): TracedHistogram<L>;
}

/** A registry that can hold exemplars; `renderMetrics` writes it out. */
export function createRegistry(): Registry {
  const registry = new Registry();
  // The type of a registry says which format comes out of it, and nothing but `renderMetrics` looks at that.
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as string as PrometheusContentType);
  return registry;
}

const holdsExemplars = (registry: Registry): boolean => String(registry.contentType) === Registry.OPENMETRICS_CONTENT_TYPE;

export function createMetricDefiner(registry: Registry): MetricDefiner {
  const registers = [registry];
  const enableExemplars = holdsExemplars(registry);
  const observations = createDeferredWork();
  const definer: MetricDefiner = {
    counter: (name, help, labelNames = []) => new Counter({ name, help, labelNames: [...labelNames], registers }),
    histogram: (name, help, buckets, labelNames = []) => {
      const config = { name, help, buckets: [...buckets], labelNames: [...labelNames], registers, enableExemplars };
      const histogram = new Histogram<string>({ ...config, collect: observations.flush });
      return {
        observe: enableExemplars
          ? (labels, value, traceId) =>
              observations.add(() => histogram.observe({ labels, value, exemplarLabels: traceId ? { trace_id: traceId } : {} }))
          : (labels, value) => observations.add(() => histogram.observe(labels, value)),
        zero: (labels) => histogram.zero(labels),
      };
    },
    boundedCounter: <L extends string>(name: string, help: string, values: LabelValues<L>) => {
      const counter = definer.counter(name, help, Object.keys(values) as L[]);
      for (const labels of combinationsOf(values)) counter.inc(labels, 0);
      return counter;
    },
    boundedHistogram: <L extends string>(name: string, help: string, buckets: readonly number[], values: LabelValues<L>) => {
      const histogram = definer.histogram(name, help, buckets, Object.keys(values) as L[]);
      for (const labels of combinationsOf(values)) histogram.zero(labels);
      return histogram;
    },
  };
  return definer;
}
