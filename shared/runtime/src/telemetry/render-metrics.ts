// What /metrics answers: OpenMetrics, which has exemplars, for those who ask for it, and else the format that everyone reads.
import { Registry } from "prom-client";

export interface RenderedMetrics {
  readonly contentType: string;
  readonly body: string;
}

/** @param accept the request's header of this name. */
export async function renderMetrics(registry: Registry, accept: string | undefined): Promise<RenderedMetrics> {
  const body = await registry.metrics();
  const contentType = String(registry.contentType);
  if (contentType === Registry.PROMETHEUS_CONTENT_TYPE || accept?.includes("application/openmetrics-text"))
    return { contentType, body };
  return { contentType: Registry.PROMETHEUS_CONTENT_TYPE, body: withoutExemplars(body) };
}

/** The older format: no exemplars, no end mark, and counters declared by the full name of their series. */
export const withoutExemplars = (openMetrics: string): string =>
  openMetrics
    .replace(/^# HELP (\S+) (.*)\n# TYPE \1 counter$/gm, "# HELP $1_total $2\n# TYPE $1_total counter")
    .replace(/ # \{trace_id="[0-9a-f]{32}"\} \S+ \S+$/gm, "")
    .replace(/# EOF\n$/, "");
