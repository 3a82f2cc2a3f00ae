// The queries of the dashboard that is shipped, as Grafana sends them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../servers/start-test-deployment.ts";

interface Panel {
  readonly title: string;
  readonly panels?: readonly Panel[];
  readonly targets?: readonly { readonly expr: string }[];
}

export interface DashboardQuery {
  readonly panel: string;
  readonly expression: string;
}

/** @param interval takes the place of `$__rate_interval`. @param range and of `$__range`. */
export function dashboardQueries(interval: string, range: string): DashboardQuery[] {
  const file = join(projectRoot, "deploy/grafana/dashboards/nocp.json");
  const { panels } = JSON.parse(readFileSync(file, "utf8")) as { panels: readonly Panel[] };
  const all = (nodes: readonly Panel[]): Panel[] => nodes.flatMap((panel) => [panel, ...all(panel.panels ?? [])]);
  return all(panels).flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({
      panel: title,
      expression: expr.replaceAll("$__rate_interval", interval).replaceAll("$__range", range).replaceAll("$lane", ".*"),
    })),
  );
}
