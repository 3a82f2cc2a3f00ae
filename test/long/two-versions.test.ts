// Services of an earlier commit and of this one on one broker, as in a rolling upgrade and in its rollback: requests go through
// both, and none is lost, fails, or is paid for twice. Needs git and its history; see test/fixtures/earlier-version.ts.
import { type Client, createClient } from "@nocp/client/create-client.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { stages } from "@nocp/contracts/topology.ts";
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type CountedModel, startCountedModel } from "../fixtures/counted-model.ts";
import { checkOutEarlierVersion, type EarlierVersion } from "../fixtures/earlier-version.ts";
import { projectRoot, startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

const inFlight = 12;
/** Answers between two steps of the upgrade. */
const answersPerStep = 40;
const answerTimeoutMs = 240_000;
const lookEveryMs = 100;
let earlier: EarlierVersion;
let nats: NatsTestServer;
let model: CountedModel;
let client: Client;
const deployments: TestDeployment[] = [];
const requestIds = new Map<string, string>();

beforeAll(() => {
  earlier = checkOutEarlierVersion();
  console.log(`beside this version runs ${earlier.name}`);
});
afterAll(() => earlier?.remove());
afterEach(async () => {
  await client?.close();
  for (const deployment of deployments.splice(0)) await deployment.end();
  await model?.stop();
  await nats?.stop();
});

/** One message fits into a broker's limit, and the next one must be stored beside it. */
const largeText = "The archive has a sentence that is not about the question. ".repeat(12_000);

/** Kinds of requests take turns: with documents, tools, a large body, a stream, and as a conversation. */
function requestOf(number: number): NocpRequestInput {
  const requestId = createRequestId();
  requestIds.set(String(number), requestId);
  const common = { requestId, query: `Question number ${number}`, routing: { provider: "openai-compatible" } };
  const kinds: readonly Partial<NocpRequestInput>[] = [
    { documents: [{ title: "Notes", text: `Note ${number}. ${"Another sentence. ".repeat(50)}` }] },
    { tools: [{ name: "file.read", arguments: { path: "package.json" } }] },
    { lane: "batch" },
    { documents: [{ title: "Large", text: largeText }] },
    { stream: true, session: { id: `conversation-${number % 2}-${Math.floor(number / 40)}` } },
  ];
  return { ...common, ...kinds[number % kinds.length] };
}

async function startVersion(root: string): Promise<TestDeployment> {
  const environment = {
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_BASE_URL: model.url,
    NOCP_PROVIDERS_OPENAI_COMPATIBLE_MODEL: "test-model",
    NOCP_LOG_LEVEL: "error",
  };
  const deployment = await startTestDeployment(environment, {
    root,
    nats: { url: nats.url },
    services: [...stages, "observability"],
  });
  deployments.push(deployment);
  return deployment;
}

/** Messages that each stage of a version has acknowledged. */
async function handledBy({ processes }: TestDeployment): Promise<Map<string, number>> {
  const handled = new Map<string, number>();
  for (const { service, httpUrl } of processes) {
    const text = await (await fetch(`${httpUrl}/metrics`)).text();
    const counts = [...text.matchAll(/^nocp_messages_total\{.*settlement="ack".*\} (\d+)$/gm)].map(([, count]) => Number(count));
    handled.set(
      service,
      counts.reduce((sum, count) => sum + count, 0),
    );
  }
  return handled;
}

const haveAllWorked = async (deployment: TestDeployment): Promise<boolean> => {
  const handled = await handledBy(deployment);
  return stages.every((stage) => (handled.get(stage) ?? 0) > 0);
};

/** Keeps requests in flight until it is told to stop. */
function startLoad() {
  const results: NocpResult[] = [];
  const failures: unknown[] = [];
  let next = 0;
  let isStopped = false;
  const worker = async () => {
    while (!isStopped) {
      const number = next++;
      await client.ask(requestOf(number), { timeoutMs: answerTimeoutMs }).then(
        (result) => results.push(result),
        (error: unknown) => failures.push(error),
      );
    }
  };
  const workers = Promise.all(Array.from({ length: inFlight }, worker));
  const until = async (isReached: () => boolean | Promise<boolean>) => {
    while (failures.length === 0 && !(await isReached())) await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  };
  return {
    results,
    failures,
    until,
    untilAnswered: (more: number) => {
      const wanted = results.length + more;
      return until(() => results.length >= wanted);
    },
    async stop() {
      isStopped = true;
      await workers;
      return next;
    },
  };
}

test.each([
  ["an upgrade", () => [earlier.root, projectRoot]],
  ["a rollback", () => [projectRoot, earlier.root]],
])("in %s every request is answered, by whichever version takes it", async (_what, rootsOf) => {
  const [from = "", to = ""] = rootsOf();
  nats = await startNatsTestServer();
  model = await startCountedModel((number) => requestIds.get(number) ?? "");
  const before = await startVersion(from);
  client = await createClient({ natsUrl: nats.url });
  const load = startLoad();
  await load.untilAnswered(answersPerStep);
  const after = await startVersion(to);
  // Both at once: what one version emits is the other's input.
  await load.until(() => haveAllWorked(after));
  const handledAlone = await handledBy(before);
  await load.untilAnswered(answersPerStep);
  const handledBeside = await handledBy(before);
  await before.stop();
  await load.untilAnswered(answersPerStep);
  const asked = await load.stop();

  expect(load.failures).toEqual([]);
  for (const stage of stages) expect(handledBeside.get(stage), stage).toBeGreaterThan(handledAlone.get(stage) ?? 0);
  expect(load.results.filter(({ status }) => status !== "succeeded").map(({ error }) => error)).toEqual([]);
  const answers = Array.from({ length: asked }, (_, number) => `Answer number ${number}.`);
  expect(load.results.map(({ answer }) => answer).sort()).toEqual(answers.sort());
  expect(model.total()).toBe(asked);
  expect(model.unexcused()).toEqual([]);
  expect(await client.deadLetters.list(10)).toEqual([]);
  console.log(`${asked} requests, ${load.results.length} results, ${model.total()} calls of the model`);
});
