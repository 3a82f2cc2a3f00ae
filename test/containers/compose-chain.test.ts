// All stages in one container, as deploy/compose/chain.yaml has them, with the memory that the chart gives them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadExamples } from "@nocp/cli/demo/example.ts";
import { type Client, createClient } from "@nocp/client/create-client.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { chainedRoles } from "@nocp/contracts/topology.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { getContainerRuntimeClient } from "testcontainers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { projectRoot } from "../servers/start-test-deployment.ts";
import { composeNatsUrl, type StartedCompose, startCompose } from "./start-compose.ts";

const timeoutMs = 240_000;
const concurrency = 32;
/** Some 2,500 tokens. */
const text = `The gateway listens on port 8080. ${Array.from({ length: 150 }, (_, door) => `Door ${door} was painted in week ${(door * 7) % 52}, by the people of house ${door * 3}.`).join(" ")}`;
let compose: StartedCompose | undefined;
let client: Client;

const chart = parse(readFileSync(join(projectRoot, "deploy/helm/nocp/values.yaml"), "utf8")) as {
  readonly services: { readonly chain: { readonly resources: { readonly limits: { readonly memory: string } } } };
};

beforeAll(async () => {
  const limit = chart.services.chain.resources.limits.memory.replace("Mi", "m");
  compose = await startCompose({
    files: ["deploy/compose/chain.yaml"],
    roles: chainedRoles(),
    fields: { chain: { mem_limit: limit, memswap_limit: limit } },
  });
  client = await createClient({ natsUrl: composeNatsUrl });
});

afterAll(async () => {
  await client?.close();
  await compose?.end();
});

async function chainContainer() {
  const { container } = await getContainerRuntimeClient();
  const chain = container.getById(compose?.environment.getContainer("chain-1").getId() ?? "");
  return {
    state: async () => (await chain.inspect()).State,
    stop: () => chain.stop({ t: 30 }),
    kill: () => chain.kill({ signal: "SIGKILL" }),
    start: () => chain.start(),
  };
}

/** Of the process in the container, in MiB. */
async function residentMiB(): Promise<number> {
  const script = "fetch('http://127.0.0.1:8080/metrics').then((r) => r.text()).then((t) => console.log(t))";
  const { output } = (await compose?.environment.getContainer("chain-1").exec(["node", "-e", script])) ?? { output: "" };
  return Number(/^process_resident_memory_bytes\S* (\d+)/m.exec(output)?.[1]) / 2 ** 20;
}

test("it answers what the examples ask, and no stage has a container of its own", async () => {
  for (const { name, request, expected } of loadExamples(projectRoot)) {
    const { answer } = await client.ask({ ...request, routing: { provider: "extractive" } }, { timeoutMs });
    expect(answer, name).toContain(expected ?? "");
  }
  expect(() => compose?.environment.getContainer("assess-1")).toThrow();
});

test("stopped in order and killed under load, it loses and fails no request, and stays within its memory", async () => {
  const chain = await chainContainer();
  const results: NocpResult[] = [];
  const query = "Which port does the gateway listen on?";
  let isLoading = true;
  const callers = Array.from({ length: concurrency }, async () => {
    while (isLoading) {
      results.push(await client.ask({ query, documents: [{ text }], routing: { provider: "extractive" } }, { timeoutMs }));
    }
  });
  const someMore = async () => {
    const wanted = results.length + 5 * concurrency;
    await waitFor(() => results.length >= wanted, `${wanted} results`);
  };

  await someMore();
  await chain.stop();
  expect(await chain.state()).toMatchObject({ ExitCode: 0, OOMKilled: false });
  await chain.start();
  await someMore();
  await chain.kill();
  await chain.start();
  await someMore();
  isLoading = false;
  await Promise.all(callers);

  const others = results.filter(({ status, answer }) => status !== "succeeded" || !answer?.includes("8080"));
  expect(others.map(({ status, error, answer }) => ({ status, error, answer }))).toEqual([]);
  console.log(`chain: ${results.length} requests succeeded; ${(await residentMiB()).toFixed(0)} MiB resident`);
  expect(await chain.state()).toMatchObject({ Running: true, OOMKilled: false });
});
