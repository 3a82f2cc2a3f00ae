// docker-compose.yml as it is: everything starts, becomes healthy, and a request is answered.
import { loadExamples } from "@nocp/cli/demo/example.ts";
import { createClient } from "@nocp/client/create-client.ts";
import { services } from "@nocp/contracts/topology.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectRoot } from "../servers/start-test-deployment.ts";
import { composeJobs, composeServices } from "./images.ts";
import { composeNatsUrl as natsUrl, type StartedCompose, startCompose } from "./start-compose.ts";

let compose: StartedCompose | undefined;

beforeAll(async () => {
  compose = await startCompose({ roles: services });
});

afterAll(async () => {
  await compose?.end();
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
    expect(compose?.environment.getContainer(`${name}-1`).getName(), name).toContain(name);
  }
});

test("whoever has no user is refused", async () => {
  const nobody = createClient({ natsUrl, user: "nobody", password: "x" });
  await expect(nobody).rejects.toMatchObject({ code: "NOT_AUTHORIZED" });
});
