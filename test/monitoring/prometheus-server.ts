// A real Prometheus with the project's configuration and rules, reading the services of a deployment on this machine.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@nocp/cli/deployment/free-port.ts";
import { parse, stringify } from "yaml";
import { programOf, until } from "../kubernetes/test-cluster.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface PrometheusServer {
  /** @returns the samples of now. @throws Error with Prometheus's reason when it is no query. */
  query(expression: string): Promise<Sample[]>;
  /** Every series that was ever selected by this matcher: its last value. */
  last(selector: string): Promise<Sample[]>;
  /** Trace ids that the series of a selector name as exemplars, of the last hour. */
  exemplars(selector: string): Promise<string[]>;
  /** State of each alert of the rules: inactive, pending or firing. */
  alerts(): Promise<Readonly<Record<string, string>>>;
  /** Counts of targets by their health. */
  targets(): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

const folderOfConfiguration = join(projectRoot, "deploy/prometheus");

/** @param addresses `host:port` of the services' HTTP endpoints; with them, everything else is as it is shipped. */
export async function startPrometheus(addresses: readonly string[]): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), "nocp-prometheus-"));
  const port = await freePort();
  const shipped = parse(readFileSync(join(folderOfConfiguration, "prometheus.yml"), "utf8")) as Record<string, unknown>;
  const configuration = {
    ...shipped,
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    scrape_configs: [{ job_name: "nocp", static_configs: [{ targets: addresses }] }],
  };
  writeFileSync(join(folder, "prometheus.yml"), stringify(configuration));
  copyFileSync(join(folderOfConfiguration, "rules.yml"), join(folder, "rules.yml"));
  const args = [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    "--enable-feature=exemplar-storage",
  ];
  const child = spawn(programOf("prometheus"), [...args, `--web.listen-address=127.0.0.1:${port}`], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = `${log}${text}`.slice(-4000);
  });
  const ask = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    const { status, data, error } = (await answer.json()) as { status: string; data: T; error?: string };
    if (status !== "success") throw new Error(error ?? status);
    return data;
  };
  const query = async (expression: string): Promise<Sample[]> => {
    const { result } = await ask<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
      `/api/v1/query?query=${encodeURIComponent(expression)}`,
    );
    return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  };
  const stop = async () => {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until(
      `Prometheus answers; its log: ${log}`,
      60,
      () => query("vector(1)"),
      (samples) => samples.length === 1,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    query,
    last: (selector) => query(`last_over_time(${selector}[1h])`),
    async exemplars(selector) {
      const end = Date.now() / 1000;
      const range = `start=${end - 3600}&end=${end}`;
      const found = await ask<readonly { exemplars: readonly { labels: { trace_id?: string } }[] }[]>(
        `/api/v1/query_exemplars?query=${encodeURIComponent(selector)}&${range}`,
      );
      return found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id ?? ""));
    },
    async alerts() {
      const { groups } = await ask<{ groups: { rules: { name: string; state: string }[] }[] }>("/api/v1/rules?type=alert");
      return Object.fromEntries(groups.flatMap(({ rules }) => rules.map(({ name, state }) => [name, state])));
    },
    async targets() {
      const { activeTargets } = await ask<{ activeTargets: { health: string }[] }>("/api/v1/targets?state=active");
      const counts: Record<string, number> = {};
      for (const { health } of activeTargets) counts[health] = (counts[health] ?? 0) + 1;
      return counts;
    },
    stop,
  };
}
