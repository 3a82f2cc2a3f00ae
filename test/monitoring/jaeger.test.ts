// A request's trace, read back through the API of a real Jaeger.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "@nocp/cli/deployment/free-port.ts";
import { createClient } from "@nocp/client/create-client.ts";
import { stages } from "@nocp/contracts/topology.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { ensurePrograms, programOf, until } from "../kubernetes/test-cluster.ts";
import { startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

interface JaegerSpan {
  readonly spanID: string;
  readonly operationName: string;
  readonly processID: string;
  readonly references: readonly { readonly spanID: string }[];
}

interface JaegerTrace {
  readonly spans: readonly JaegerSpan[];
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
}

let stopJaeger: (() => Promise<void>) | undefined;
let queryUrl: string;
let deployment: TestDeployment;

/** Jaeger with its storage in memory, on ports of its own. */
async function startJaeger(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "nocp-jaeger-"));
  const [collector, query, grpc] = await freePorts(3);
  const storage = { backends: { memory: { memory: { max_traces: 1000 } } } };
  const configuration = {
    service: {
      extensions: ["jaeger_storage", "jaeger_query"],
      pipelines: { traces: { receivers: ["otlp"], exporters: ["jaeger_storage_exporter"] } },
      telemetry: { metrics: { level: "none" } },
    },
    extensions: {
      jaeger_storage: storage,
      jaeger_query: {
        storage: { traces: "memory" },
        http: { endpoint: `127.0.0.1:${query}` },
        grpc: { endpoint: `127.0.0.1:${grpc}` },
      },
    },
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${collector}` } } } },
    exporters: { jaeger_storage_exporter: { trace_storage: "memory" } },
  };
  const file = join(folder, "jaeger.yaml");
  writeFileSync(file, stringify(configuration));
  const child = spawn(programOf("jaeger"), ["--config", file], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = `${log}${text}`.slice(-4000);
  });
  stopJaeger = async () => {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  queryUrl = `http://127.0.0.1:${query}`;
  await until(
    "Jaeger answers",
    60,
    async () => (await fetch(`${queryUrl}/api/services`)).ok || log,
    (answer) => answer === true,
  );
  return `http://127.0.0.1:${collector}`;
}

beforeAll(async () => {
  ensurePrograms("jaeger");
  const collector = await startJaeger();
  deployment = await startTestDeployment({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector,
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  });
});
afterAll(async () => {
  await deployment?.end();
  await stopJaeger?.();
});

async function traceOf(traceId: string): Promise<JaegerTrace | undefined> {
  const answer = await fetch(`${queryUrl}/api/traces/${traceId}`);
  return answer.ok ? ((await answer.json()) as { data: JaegerTrace[] }).data[0] : undefined;
}

test("one request is one trace over all stages, whose spans all have their parents", async () => {
  const client = await createClient({ natsUrl: deployment.natsUrl });
  const { traceId, status } = await client.ask(
    { query: "Which port?", documents: [{ text: "The port is 8080." }], routing: { provider: "extractive" } },
    { timeoutMs: 120_000 },
  );
  await client.close();
  expect(status).toBe("succeeded");
  const servicesIn = (trace: JaegerTrace | undefined): string[] =>
    (trace?.spans ?? [])
      .filter(({ operationName }) => operationName.startsWith("process "))
      .map(({ processID }) => trace?.processes[processID]?.serviceName ?? "");
  const trace = await until(
    "every stage is in the trace",
    60,
    () => traceOf(traceId ?? ""),
    (found) => stages.every((stage) => servicesIn(found).includes(stage)),
  );
  const spans = trace?.spans ?? [];
  const known = new Set(spans.map(({ spanID }) => spanID));
  const orphans = spans.filter(({ references }) => references.some(({ spanID }) => !known.has(spanID)));
  expect(orphans).toEqual([]);
  expect(spans.filter(({ references }) => references.length === 0)).toHaveLength(1);
  expect(spans.map(({ operationName }) => operationName)).toContain("chat extractive-1");
});
