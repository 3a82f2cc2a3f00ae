// Each stream, consumer and bucket of a deployment is deleted, one at a time, while requests flow: a service and `doctor` name
// it, it is made anew, requests are answered again, and no accepted one is lost but those that a deleted stream held. What there
// is to delete is what the broker lists. test/integration/readiness.test.ts is the short form.
import { readinessFindings } from "@nocp/cli/doctor/deployment-findings.ts";
import { type Client, createClient } from "@nocp/client/create-client.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { resultsStream, stages, topologyOf } from "@nocp/contracts/topology.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";

let deployment: TestDeployment;
let broker: Broker;
let client: Client;
beforeAll(async () => {
  deployment = await startTestDeployment({ NOCP_PROVIDERS_STATIC_TEXT: "the answer", NOCP_LOG_LEVEL: "warn" });
  broker = await openTestBroker(deployment.natsUrl);
  client = await createClient({ natsUrl: deployment.natsUrl });
}, 120_000);
afterAll(async () => {
  await client?.close();
  await broker?.close();
  await deployment?.end();
});

const patienceMs = 120_000;
const largeText = "The archive has a sentence that is not about the question. ".repeat(12_000);
const answerTo = async (text: string) => {
  const documents = [{ title: "t", text }];
  const request = { query: "What is it about?", routing: { provider: "static" }, limits: { timeoutMs: 60_000 }, documents };
  return (await client.ask(request, { timeoutMs: patienceMs })).answer;
};

interface Part {
  readonly name: string;
  remove(): Promise<unknown>;
  isThere(): Promise<boolean>;
}

const isFound = (look: Promise<unknown>): Promise<boolean> =>
  look.then(
    () => true,
    () => false,
  );

async function partsOf({ manager: { streams, consumers } }: Broker): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const { config } of streams.list()) {
    const stream = config.name;
    parts.push({ name: stream, remove: () => streams.delete(stream), isThere: () => isFound(streams.info(stream)) });
    for await (const { config: consumer } of consumers.list(stream)) {
      const durable = consumer.durable_name;
      // A reader's own goes with its reader.
      if (durable === undefined) continue;
      const isThere = () => isFound(consumers.info(stream, durable));
      parts.push({ name: durable, remove: () => consumers.delete(stream, durable), isThere });
    }
  }
  return parts;
}

/** Asks all the time, one request after the other. */
function startFlow(): { stop(): Promise<{ readonly accepted: readonly string[]; readonly refusals: readonly unknown[] }> } {
  const accepted: string[] = [];
  const refusals: unknown[] = [];
  let isStopped = false;
  const flow = async () => {
    while (!isStopped)
      await client.submit({ query: "It flows.", routing: { provider: "static" }, limits: { timeoutMs: 60_000 } }).then(
        ({ requestId }) => accepted.push(requestId),
        (error: unknown) => refusals.push(error),
      );
  };
  const running = flow();
  return {
    async stop() {
      isStopped = true;
      await running;
      return { accepted, refusals };
    },
  };
}

/** What goes with these is what they hold: requests, results, and bodies of large ones. */
const holders = new Set<string>([...stages.map((stage) => topologyOf(stage).stream), resultsStream, "KV_nocp_claims"]);

const saidOf = async (name: string): Promise<boolean> => {
  const processes = deployment.processes.map(({ name: process, httpUrl }) => ({ name: process, pid: 1, httpUrl }));
  const findings = await readinessFindings({ processes, pid: 1, startedAt: "", natsUrl: "" });
  return findings.some(({ what, detail }) => what.startsWith("service") && detail.includes(name));
};

test("what is deleted is named, made anew, and requests are answered", async () => {
  expect(await answerTo("Short.")).toContain("the answer");
  expect(await answerTo(largeText)).toContain("the answer");
  const parts = await partsOf(broker);
  expect(parts.length).toBeGreaterThan(20);
  const figures: string[] = [];
  let flowed = 0;
  for (const { name, remove, isThere } of parts) {
    const flow = startFlow();
    await remove();
    const removedAt = performance.now();
    await waitFor(() => saidOf(name), `doctor to name ${name}`);
    figures.push(`${name} ${((performance.now() - removedAt) / 1000).toFixed(1)} s`);
    await waitFor(isThere, `${name} to be there again`);
    await deployment.untilReady();
    const { accepted, refusals } = await flow.stop();
    flowed += accepted.length;
    expect(
      refusals.filter((error) => !(error instanceof NocpError)),
      `after ${name} was deleted`,
    ).toEqual([]);
    expect(await answerTo(largeText), `after ${name} was deleted`).toContain("the answer");
    if (holders.has(name)) continue;
    const results = await Promise.all(accepted.map((requestId) => client.result(requestId, { timeoutMs: patienceMs })));
    expect(
      results.filter(({ status }) => status !== "succeeded"),
      `accepted while ${name} was missing`,
    ).toEqual([]);
  }
  console.log(`${flowed} requests accepted meanwhile. Named after: ${figures.join(", ")}`);
});
