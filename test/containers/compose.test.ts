// docker-compose.yml as it is: everything starts, becomes healthy, and a request is answered.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadExamples } from "@nocp/cli/demo/example.ts";
import { createClient } from "@nocp/client/create-client.ts";
import { services } from "@nocp/contracts/topology.ts";
import { DockerComposeEnvironment, type StartedDockerComposeEnvironment, Wait } from "testcontainers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { projectRoot } from "../servers/start-test-deployment.ts";
import { composeJobs, composeServices, replacementOf } from "./images.ts";

const natsUrl = "nats://127.0.0.1:4222";
let environment: StartedDockerComposeEnvironment | undefined;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nocp-compose-"));
  const replacements = composeServices.flatMap((name) => {
    const image = replacementOf(name);
    return image === undefined ? [] : [[name, { image }] as const];
  });
  const override = join(folder, "images.yml");
  writeFileSync(override, stringify({ services: Object.fromEntries(replacements) }));
  const files = ["docker-compose.yml", ...(replacements.length > 0 ? [override] : [])];
  const compose = services.reduce(
    (all, name) => all.withWaitStrategy(`${name}-1`, Wait.forHealthCheck()),
    new DockerComposeEnvironment(projectRoot, files)
      .withWaitStrategy("nats-1", Wait.forHealthCheck())
      .withStartupTimeout(300_000),
  );
  environment = await (replacementOf("act") === undefined ? compose.withBuild() : compose).up();
});

afterAll(async () => {
  await environment?.down({ removeVolumes: true });
  rmSync(folder, { recursive: true, force: true });
});

test("everything that compose names runs, and a request from outside is answered", async () => {
  // With the credentials of tenant `default` that the job `prepare` wrote into the project's folder.
  const client = await createClient({ natsUrl });
  const result = await client.ask(
    {
      query: "What is the limit for uploads?",
      documents: [{ title: "Notes", text: "The limit for uploads was raised to 20 MB. The logo is now blue." }],
      tools: [{ name: "file.read", arguments: { path: "LICENSE" } }],
      routing: { provider: "extractive" },
    },
    { timeoutMs: 120_000 },
  );
  expect(result).toMatchObject({ status: "succeeded", answer: expect.stringContaining("20 MB") });
  for (const { name, request, expected } of loadExamples(projectRoot)) {
    const { answer } = await client.ask({ ...request, routing: { provider: "extractive" } }, { timeoutMs: 120_000 });
    expect(answer, name).toContain(expected ?? "");
  }
  await client.close();
  for (const name of composeServices.filter((name) => !composeJobs.includes(name))) {
    expect(environment?.getContainer(`${name}-1`).getName(), name).toContain(name);
  }
});

test("whoever has no user is refused", async () => {
  const nobody = createClient({ natsUrl, user: "nobody", password: "x" });
  await expect(nobody).rejects.toMatchObject({ code: "NOT_AUTHORIZED" });
});
