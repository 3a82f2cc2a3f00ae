// A scripted run in front of a real Prometheus: answers, dead letters, a provider that is away, a restart, no collector. Every
// panel has data and every number is true.
import { LLMock } from "@copilotkit/aimock";
import { freePort } from "@nocp/cli/deployment/free-port.ts";
import { type Client, createClient } from "@nocp/client/create-client.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import { factSubject } from "@nocp/contracts/topology.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensurePrograms, until } from "../kubernetes/test-cluster.ts";
import { startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";
import { dashboardQueries } from "./dashboard-queries.ts";
import { type PrometheusServer, startPrometheus } from "./prometheus-server.ts";

const answered = 12;
/** Each is more than one call. */
const failed = 12;
const dead = 5;
const afterRestart = 4;
const patienceSeconds = 120;
/** Of what is not configured. */
const withoutData = ["Cache hits"];
let model: LLMock;
let deployment: TestDeployment;
let prometheus: PrometheusServer;
let client: Client;
/** Of the requests that were asked. */
const traces = new Set<string | null>();

beforeAll(async () => {
  ensurePrograms("prometheus");
  model = new LLMock({ port: 0, logLevel: "silent" });
  model.onMessage(/./, { content: "The answer." });
  await model.start();
  deployment = await startTestDeployment({
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: `${model.url}/v1`,
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: "gpt-4o-mini",
    NOCP_MESSAGING_MAX_ATTEMPTS: "2",
    NOCP_MESSAGING_RETRY_BASE_MS: "20",
    // Requests would wait for the model's breaker to close, and the run for them.
    NOCP_BREAKERS_ENABLED: "false",
    // Nobody listens there.
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
    NOCP_LOG_LEVEL: "fatal",
  });
  prometheus = await startPrometheus(deployment.processes.map(({ httpUrl }) => new URL(httpUrl).host));
  client = await createClient({ natsUrl: deployment.natsUrl });
  // A counter's increase is seen from the second scrape on.
  await untilLast("the services are read twice", "nocp_build_info", (sum) => sum === deployment.processes.length);
  await run();
});
afterAll(async () => {
  await client?.close();
  await prometheus?.stop();
  await deployment?.end();
});

const sumOf = async (selector: string): Promise<number> =>
  (await prometheus.last(selector)).reduce((sum, { value }) => sum + value, 0);
const untilLast = (what: string, selector: string, isWanted: (sum: number) => boolean) =>
  until(what, patienceSeconds, () => sumOf(selector), isWanted);

const ask = async (provider: string) => {
  const result = await client.ask(
    {
      query: "Which port does the gateway listen on?",
      documents: [
        { title: "Ports", text: `The gateway listens on port 8080. ${"Other sentences are about other things. ".repeat(200)}` },
      ],
      tools: [{ name: "file.read", arguments: { path: "package.json" } }],
      compression: { targetRatio: 0.3 },
      routing: { provider },
      stream: true,
    },
    { timeoutMs: 120_000 },
  );
  traces.add(result.traceId);
  return result;
};

async function run(): Promise<void> {
  for (let number = 0; number < answered; number++)
    expect(await ask(number % 2 === 0 ? "openai-compatible" : "extractive")).toMatchObject({ status: "succeeded" });
  await model.stop();
  for (let number = 0; number < failed; number++) expect(await ask("openai-compatible")).toMatchObject({ status: "failed" });
  const broker = await openTestBroker(deployment.natsUrl);
  for (let number = 0; number < dead; number++) {
    const request = { tenant: "default", lane: "interactive", requestId: createRequestId() } as const;
    await broker.jetstream.publish(factSubject("context.optimized", request), "no message");
  }
  await broker.close();
  // Each ends in a failed result, too.
  await untilLast("all requests are counted", "nocp_requests_total", (sum) => sum >= answered + failed);
  await untilLast("all dead letters are counted", 'nocp_dead_letters_total{stage="llm-router"}', (sum) => sum >= dead);
}

test("every service is read, and every rule is loaded", async () => {
  expect(await prometheus.targets()).toEqual({ up: deployment.processes.length });
  expect(Object.keys(await prometheus.alerts()).length).toBeGreaterThanOrEqual(10);
});

const filled = dashboardQueries("1h", "1h").filter(({ panel }) => !withoutData.includes(panel));
test.each(filled)("panel $panel has data: $expression", async ({ expression }) => {
  const samples = await until(
    "there is data",
    30,
    () => prometheus.query(expression),
    (found) => found.length > 0,
  );
  expect(samples.some(({ value }) => Number.isFinite(value))).toBe(true);
});

/** As the dashboard counts; Prometheus guesses what was before the first and after the last reading, so it is no whole number. */
const increaseOf = async (selector: string): Promise<number> => {
  const [sample] = await prometheus.query(`sum(increase(${selector}[1h]))`);
  return Math.round(sample?.value ?? Number.NaN);
};
const numbersOfTheRun = async () => ({
  succeeded: await increaseOf('nocp_requests_total{status="succeeded"}'),
  failed: await increaseOf('nocp_requests_total{status="failed"}'),
  deadLetters: await increaseOf("nocp_dead_letters_total"),
});
/** What is tried in vain ends as a dead letter, and each dead letter in a failed result. */
const expected = { succeeded: answered, failed: failed + dead, deadLetters: failed + dead };

test("the numbers are those of the run", async () => {
  await until("they are", patienceSeconds, numbersOfTheRun, (numbers) => JSON.stringify(numbers) === JSON.stringify(expected));
  expect(await sumOf("nocp_dead_letters_waiting")).toBe(failed + dead);
});

test.each([
  "nocp_request_duration_seconds_bucket",
  "nocp_message_work_seconds_bucket",
  "gen_ai_client_operation_duration_seconds_bucket",
])("latencies lead to traces of the run: %s", async (selector) => {
  await until(
    "a trace of the run is among the exemplars",
    30,
    () => prometheus.exemplars(selector),
    (traceIds) => traceIds.some((traceId) => traces.has(traceId)),
  );
});

test("alerts name the dead letters, the provider and the collector, and nothing that is well", async () => {
  const troubled = ["NocpDeadLetters", "NocpProviderFailing", "NocpTelemetryLost"];
  const raised = async () => {
    const states = Object.entries(await prometheus.alerts());
    return states.filter(([, state]) => state !== "inactive").map(([name]) => name);
  };
  await until("they are raised", patienceSeconds, raised, (names) => troubled.every((name) => names.includes(name)));
  expect((await prometheus.alerts()).NocpDeadLetters).toBe("firing");
  const well = ["NocpServiceDown", "NocpServiceMissing", "NocpMissing", "NocpQueueStuck", "NocpEventsInvalid"];
  expect((await raised()).filter((name) => well.includes(name))).toEqual([]);
});

test("they are true after observability was killed and came back, too", async () => {
  const observability = deployment.processes.find(({ service }) => service === "observability");
  observability?.kill("SIGKILL");
  await until(
    "it is away",
    patienceSeconds,
    () => prometheus.query('up{job="nocp"} == 0'),
    (down) => down.length > 0,
  );
  await deployment.untilReady();
  for (let number = 0; number < afterRestart; number++) expect(await ask("extractive")).toMatchObject({ status: "succeeded" });
  const after = { ...expected, succeeded: answered + afterRestart };
  await until("they are", patienceSeconds, numbersOfTheRun, (numbers) => JSON.stringify(numbers) === JSON.stringify(after));
});
