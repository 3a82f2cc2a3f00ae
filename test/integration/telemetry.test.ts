// What a process exports, and which of OpenTelemetry's variables decide it: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { freePort } from "@nocp/cli/deployment/free-port.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { telemetrySection } from "@nocp/runtime/config/sections.ts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import type { TelemetryRun } from "../fixtures/telemetry-process.ts";
import { type OtlpCollector, plainAttributes, startGrpcCollector, startOtlpCollector } from "../servers/otlp-collector.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";

interface Outcome {
  readonly traceId: string;
  readonly spanId: string;
  readonly headers: readonly string[];
  readonly problems: number;
  readonly loadsSdk: boolean;
}

let collector: OtlpCollector;
let folder: string;
beforeEach(async () => {
  collector = await startOtlpCollector();
  folder = await mkdtemp(join(tmpdir(), "nocp-telemetry-"));
});
afterEach(async () => {
  await collector.close();
  await rm(folder, { recursive: true, force: true });
});

type Environment = Readonly<Record<string, string>>;

/** The process of test/fixtures/telemetry-process.ts, with nothing in its environment but the compile cache. */
function startProcess() {
  const program = join(import.meta.dirname, "../fixtures/telemetry-process.ts");
  const env = { NODE_COMPILE_CACHE: join(projectRoot, ".nocp/compile-cache") };
  return spawn(process.execPath, [program], { cwd: tmpdir(), env, stdio: ["pipe", "pipe", "inherit"] });
}

/** What most tests share: loading the SDK takes longer than all that they do with it. */
let shared: ReturnType<typeof startProcess>;
let sharedLines: AsyncIterator<string>;
beforeAll(() => {
  shared = startProcess();
  sharedLines = createInterface({ input: shared.stdout })[Symbol.asyncIterator]();
});
afterAll(async () => {
  shared.stdin.end();
  await once(shared, "close");
});

const lineOf = (environment: Environment): string => `${JSON.stringify({ environment, folder } satisfies TelemetryRun)}\n`;
const isOutcome = (line: string): boolean => line.startsWith('{"outcome"');

/** Starts and stops the telemetry of a process that has nothing but these variables. */
async function run(environment: Environment) {
  shared.stdin.write(lineOf(environment));
  const printed: string[] = [];
  while (!isOutcome(printed.at(-1) ?? "")) {
    const { value, done } = await sharedLines.next();
    if (done) throw new Error(`the process ended: ${printed.join("\n")}`);
    printed.push(value);
  }
  return parsePrinted(printed);
}

/** The same in a process of its own, which ends. */
async function runAlone(environment: Environment) {
  const child = startProcess();
  child.stdin.end(lineOf(environment));
  const [printed] = await Promise.all([text(child.stdout), once(child, "close")]);
  return parsePrinted(printed.trim().split("\n"));
}

function parsePrinted(printed: readonly string[]) {
  const lines = printed.filter((line) => line.startsWith('{"')).map((line) => JSON.parse(line));
  const outcome: Outcome = lines.find((line) => line.outcome)?.outcome;
  return { outcome, logged: lines.filter((line) => line.msg), printed: printed.join("\n") };
}

/** In JSON, so that the tests can read it. */
const toCollector = (more: Environment = {}, runIn = run) =>
  runIn({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json", ...more });
const paths = () => [...new Set(collector.received.map(({ path }) => path))].sort();
const spans = () =>
  collector
    .json("/v1/traces")
    .flatMap(({ resourceSpans = [] }) => resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans);
const resource = () => plainAttributes(collector.json("/v1/traces")[0]?.resourceSpans?.[0]?.resource.attributes);
const allSignals = ["/v1/logs", "/v1/metrics", "/v1/traces"];

describe("without settings", () => {
  it("loads no SDK, exports nothing, and still gives a request a trace id that travels on", async () => {
    const { outcome, logged } = await runAlone({});
    expect(outcome).toMatchObject({ loadsSdk: false, headers: ["traceparent"], problems: 0 });
    expect(outcome.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(logged).toHaveLength(1);
  });

  test.each([
    ["OTEL_SDK_DISABLED", { OTEL_SDK_DISABLED: "true" }],
    ["all exporters none", { OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" }],
  ])("%s does the same where an endpoint is set", async (_name, variables) => {
    const { outcome } = await toCollector(variables, runAlone);
    expect(outcome).toMatchObject({ loadsSdk: false, headers: ["traceparent"] });
    expect(collector.received).toEqual([]);
  });
});

describe("OTEL_EXPORTER_OTLP_ENDPOINT", () => {
  it("gets traces, metrics and logs, which belong together", async () => {
    const { outcome, logged } = await toCollector({}, runAlone);
    expect(outcome).toMatchObject({ loadsSdk: true, problems: 0, headers: ["traceparent"] });
    expect(paths()).toEqual(allSignals);
    expect(spans()).toHaveLength(10);
    expect(spans().map(({ name }) => name)).toContain("first span");

    const record = collector.json("/v1/logs")[0]?.resourceLogs?.[0]?.scopeLogs[0]?.logRecords[0];
    expect(record).toMatchObject({ body: { stringValue: "a line of the log" }, severityText: "INFO", severityNumber: 9 });
    expect(record).toMatchObject({ traceId: outcome.traceId, spanId: outcome.spanId });
    expect(plainAttributes(record?.attributes)).toEqual({ requestId: "r-1", apiKey: "[redacted]" });
    expect(logged[0]).toMatchObject({ trace_id: outcome.traceId, span_id: outcome.spanId, msg: "a line of the log" });

    const scopes = collector.json("/v1/metrics")[0]?.resourceMetrics?.[0]?.scopeMetrics ?? [];
    const things = scopes.flatMap(({ metrics }) => metrics).find(({ name }) => name === "nocp_things_total");
    expect(things).toMatchObject({ description: "Things.", sum: { isMonotonic: true, dataPoints: [{ asDouble: 7 }] } });
    expect(plainAttributes(things?.sum?.dataPoints[0]?.attributes)).toEqual({ kind: "good" });
  });

  it("names the service and its process, and nothing of the command line", async () => {
    await toCollector();
    expect(resource()).toMatchObject({
      "service.namespace": "nocp",
      "service.name": "under-test",
      "service.version": "1.2.3",
      "service.instance.id": "instance-1",
    });
    expect(Object.keys(resource()).filter((key) => key.startsWith("process."))).toEqual([]);
  });

  it("that is the full address for traces gets traces alone", async () => {
    await toCollector({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/v1/traces` });
    expect(paths()).toEqual(["/v1/traces"]);
  });

  test.each(["not a url", "http://", "collector 4318"])("%s is an error of the configuration", (endpoint) => {
    for (const signal of ["", "TRACES_", "METRICS_", "LOGS_"]) {
      const environment = { [`OTEL_EXPORTER_OTLP_${signal}ENDPOINT`]: endpoint };
      expect(() => loadConfig([telemetrySection], { environment })).toThrow(/INVALID_CONFIGURATION|must be an address/);
    }
  });

  test.each([
    ["a collector that is down", async () => `http://127.0.0.1:${await freePort()}`, /ECONNREFUSED/],
    ["an address without a scheme", async () => `localhost:${await freePort()}`, /not supported/],
    ["a host without a scheme", async () => "no.such.host.invalid", /could not parse/i],
  ])("of %s is reported once and counted, and breaks nothing", async (_name, endpoint, reason) => {
    const variables = {
      OTEL_EXPORTER_OTLP_ENDPOINT: await endpoint(),
      // The exporter tries again within this time.
      OTEL_EXPORTER_OTLP_TIMEOUT: "1000",
      OTEL_METRICS_EXPORTER: "none",
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "2",
    };
    const { outcome, logged } = await toCollector(variables, runAlone);
    expect(outcome.headers).toEqual(["traceparent"]);
    expect(outcome.problems).toBeGreaterThan(0);
    const reported = logged.filter(({ level }) => level >= 40).map((line) => line.reason);
    expect(reported.filter((text) => reason.test(text))).toHaveLength(1);
    expect(new Set(reported).size).toBe(reported.length);
    expect(logged[0].msg === "a line of the log" || logged[1]?.msg === "a line of the log").toBe(true);
  });

  it("of a collector that never answers does not hold up the end for longer than OTEL_EXPORTER_OTLP_TIMEOUT says", async () => {
    // Reads, so that a connection ends when its client has gone.
    const silent = createServer((socket) => void socket.resume()).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
    const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_TIMEOUT: "100", OTEL_METRICS_EXPORTER: "none" };
    const { outcome } = await toCollector(variables, runAlone);
    expect(outcome.problems).toBeGreaterThan(0);
    silent.close();
  });
});

describe("an endpoint for one signal", () => {
  test.each([
    ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "/v1/traces"],
    ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "/v1/metrics"],
    ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "/v1/logs"],
  ])("%s exports that signal alone", async (variable, path) => {
    const { outcome } = await run({ [variable]: `${collector.url}${path}` });
    expect(outcome.problems).toBe(0);
    expect(paths()).toEqual([path]);
  });

  test("a signal whose exporter is none stays at home", async () => {
    await toCollector({ OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" });
    expect(paths()).toEqual(["/v1/traces"]);
  });

  test("a signal whose exporter is console is printed", async () => {
    const { printed } = await run({ OTEL_TRACES_EXPORTER: "console" });
    expect(printed).toContain("span 9");
    expect(collector.received).toEqual([]);
  });
});

describe("the protocol", () => {
  test.each([
    ["http/protobuf", {}, "application/x-protobuf"],
    ["http/json", { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }, "application/json"],
    ["http/json for traces", { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/json" }, "application/json"],
  ])("%s", async (_name, variables, type) => {
    const { outcome } = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...variables });
    expect(outcome.problems).toBe(0);
    const traces = collector.received.filter(({ path }) => path === "/v1/traces");
    expect(traces.map(({ headers }) => headers["content-type"])).toEqual([type]);
    expect(traces[0]?.body.toString("latin1")).toContain("span 9");
  });

  test("grpc, for all three signals", async () => {
    const grpc = await startGrpcCollector();
    const { outcome } = await run({ OTEL_EXPORTER_OTLP_ENDPOINT: grpc.url, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" });
    const services = new Set(grpc.received.map(({ path }) => path.split(".").at(-1)));
    await grpc.close();
    expect(outcome.problems).toBe(0);
    expect(services).toEqual(new Set(["TraceService/Export", "MetricsService/Export", "LogsService/Export"]));
    const traces = grpc.received.find(({ path }) => path.includes("TraceService"));
    expect(traces?.body.toString("latin1")).toContain("span 9");
  });

  test("one that does not exist is an error of the configuration", () => {
    expect(() => loadConfig([telemetrySection], { environment: { OTEL_EXPORTER_OTLP_PROTOCOL: "smoke" } })).toThrow(/protocol/);
  });
});

describe("what goes along", () => {
  it("OTEL_EXPORTER_OTLP_HEADERS, for all signals or one, and OTEL_EXPORTER_OTLP_COMPRESSION", async () => {
    await toCollector({
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20abc",
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "x-team=search",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
    });
    for (const { path, headers } of collector.received) {
      expect(headers.authorization).toBe("Bearer abc");
      expect(headers["x-team"]).toBe(path === "/v1/traces" ? "search" : undefined);
      expect(headers["content-encoding"]).toBe("gzip");
    }
    expect(spans()).toHaveLength(10);
  });

  it("OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, over NOCP's own", async () => {
    await toCollector({
      OTEL_SERVICE_NAME: "their-name",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=staging,service.namespace=theirs",
    });
    expect(resource()).toMatchObject({
      "service.name": "their-name",
      "service.namespace": "theirs",
      "deployment.environment.name": "staging",
      "service.version": "1.2.3",
    });
  });

  it("what the detectors of OTEL_NODE_RESOURCE_DETECTORS find", async () => {
    await toCollector({ OTEL_NODE_RESOURCE_DETECTORS: "process" });
    expect(resource()).toMatchObject({ "process.pid": expect.any(Number) });
  });

  it("OTEL_* variables of .env", async () => {
    await writeFile(
      join(folder, ".env"),
      `OTEL_EXPORTER_OTLP_ENDPOINT=${collector.url}\nOTEL_EXPORTER_OTLP_HEADERS=x-from=file\nOTEL_METRICS_EXPORTER=none\n`,
    );
    await run({ OTEL_LOGS_EXPORTER: "none" });
    expect(paths()).toEqual(["/v1/traces"]);
    expect(collector.received[0]?.headers["x-from"]).toBe("file");
  });
});

describe("sampling, limits and batches", () => {
  test.each([
    ["OTEL_TRACES_SAMPLER=always_off", { OTEL_TRACES_SAMPLER: "always_off" }, 0],
    ["OTEL_TRACES_SAMPLER=traceidratio of 0", { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "0" }, 0],
    ["telemetry.sampleRatio of 0", { NOCP_TELEMETRY_SAMPLE_RATIO: "0" }, 0],
    ["a sampler over telemetry.sampleRatio", { OTEL_TRACES_SAMPLER: "always_on", NOCP_TELEMETRY_SAMPLE_RATIO: "0" }, 10],
  ])("%s", async (_name, variables, count) => {
    await toCollector(variables);
    expect(spans()).toHaveLength(count);
  });

  it("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", async () => {
    await toCollector({ OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "1" });
    expect(spans().map(({ attributes }) => attributes.length)).toEqual(Array(10).fill(1));
  });

  it("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", async () => {
    await toCollector({ OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "2" });
    expect(collector.json("/v1/traces")).toHaveLength(5);
    expect(spans()).toHaveLength(10);
  });

  it("OTEL_BSP_MAX_QUEUE_SIZE: spans that the queue has no room for are dropped", async () => {
    const { outcome } = await toCollector({ OTEL_BSP_MAX_QUEUE_SIZE: "3", OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "3" });
    expect(spans().length).toBeGreaterThanOrEqual(3);
    expect(spans().length).toBeLessThan(10);
    expect(outcome.traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  it("OTEL_BSP_SCHEDULE_DELAY, OTEL_BLRP_SCHEDULE_DELAY and OTEL_METRIC_EXPORT_INTERVAL, long before the process ends", async () => {
    const running = toCollector({
      OTEL_BSP_SCHEDULE_DELAY: "50",
      OTEL_BLRP_SCHEDULE_DELAY: "50",
      OTEL_METRIC_EXPORT_INTERVAL: "100",
      OTEL_METRIC_EXPORT_TIMEOUT: "100",
      TEST_LINGER_MS: "2000",
    });
    await expect.poll(paths, { interval: 20 }).toEqual(allSignals);
    const before = collector.received.length;
    await running;
    expect(collector.json("/v1/metrics").length).toBeGreaterThan(2);
    expect(before).toBeLessThan(collector.received.length);
  });
});

describe("OTEL_PROPAGATORS", () => {
  test.each([
    ["b3", ["b3"]],
    ["tracecontext,b3multi", ["traceparent", "x-b3-sampled", "x-b3-spanid", "x-b3-traceid"]],
    ["none", []],
  ])("%s decides how messages carry their trace", async (propagators, headers) => {
    const { outcome } = await toCollector({ OTEL_PROPAGATORS: propagators });
    expect(outcome.headers.map((name) => name.toLowerCase()).sort()).toEqual(headers);
  });
});
