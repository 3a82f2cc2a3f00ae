// The example clients in other languages against all services: small and large requests, small and large results.
import { randomUUID } from "node:crypto";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import { claimsBucket } from "@nocp/runtime/transport/claim-check.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestDeployment, type TestDeployment } from "../servers/start-test-deployment.ts";
import { askWith, type Program, prepareGoClient, preparePythonClient } from "./peer-programs.ts";

const maxPayload = 1_048_576;
const question = {
  query: "What is the limit for uploads?",
  documents: [{ title: "Notes", text: "The limit for uploads was raised to 20 MB. The colour of the logo is now blue." }],
};
/** Metadata comes back with the result, so these make both bodies larger than the server lets a message be. */
const largeMetadata = Object.fromEntries(
  Array.from({ length: 600 }, (_, index) => [`entry-${index}`, String(index).padEnd(2000, "é")]),
);

describe.each([
  ["Python", preparePythonClient],
  ["Go", prepareGoClient],
])("the client in %s", (_language, prepare) => {
  let client: Program;
  let deployment: TestDeployment;
  // A deployment each: the first client to send a large body creates the bucket.
  beforeAll(async () => {
    client = await prepare();
    deployment = await startTestDeployment();
  });
  afterAll(() => deployment?.end());
  const ask = (request: object) => askWith(client, request, deployment.natsUrl);

  test("gets the answer, and the same result for the same request id", async () => {
    const requestId = randomUUID();
    const first = await ask({ ...question, requestId });
    expect(first).toMatchObject({ requestId, status: "succeeded", answer: expect.stringContaining("20 MB") });
    expect(await ask({ ...question, requestId })).toEqual(first);
  });

  test("sends and receives bodies larger than max_payload, and leaves no request behind", async () => {
    const result = await ask({ ...question, metadata: largeMetadata });
    expect(JSON.stringify(result).length).toBeGreaterThan(maxPayload);
    expect(result).toMatchObject({ status: "succeeded", answer: expect.stringContaining("20 MB"), metadata: largeMetadata });
    // The body of the result stays for late readers; those of the messages before it are deleted once they are acknowledged.
    await expect.poll(() => claimsIn(deployment.natsUrl), { timeout: 30_000, interval: 500 }).toBe(1);
  });

  test("gets a failed result for a request that is not valid", async () => {
    expect(await ask({ ...question, unknownField: 1 })).toMatchObject({
      status: "failed",
      error: { code: "INVALID_REQUEST", message: expect.stringContaining("unknownField") },
    });
  });
});

async function claimsIn(natsUrl: string): Promise<number> {
  const broker = await openTestBroker(natsUrl);
  try {
    const { state } = await broker.manager.streams.info(`KV_${claimsBucket}`, { subjects_filter: `$KV.${claimsBucket}.*.*.0` });
    return Object.keys(state.subjects ?? {}).length;
  } finally {
    await broker.close();
  }
}
