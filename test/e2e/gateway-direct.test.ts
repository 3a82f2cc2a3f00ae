// Calls that take the direct path: no message of theirs is on a queue, and they are accounted for all the same.

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { topology } from "@nocp/contracts/topology.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import OpenAI from "openai";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { useGatewayDeployment } from "../fixtures/gateway-deployment.ts";

const gateway = useGatewayDeployment(() => ({ NOCP_GATEWAY_PATH: "direct", NOCP_GATEWAY_DIRECT_CONCURRENCY: "2" }));
let client: OpenAI;
beforeAll(() => {
  client = new OpenAI({ apiKey: "any", baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
beforeEach(() => gateway.vendor.answer(() => ({ text: ["Hello", " there", "."] })));

const model = "openai-compatible/scripted-1";
const messages = [{ role: "user" as const, content: "Greet me." }];
const body = { model, messages };

/** Messages that the queues of the stages have ever held. */
async function storedEver(): Promise<number> {
  const broker = await openTestBroker(gateway.deployment.natsUrl);
  const states = await Promise.all(Object.values(topology).map(({ stream }) => broker.manager.streams.info(stream)));
  await broker.close();
  return states.reduce((sum, { state }) => sum + state.last_seq, 0);
}

/** What observability has of a request. */
async function transactionOf(requestId: string) {
  const database = new DatabaseSync(join(gateway.deployment.folder, "transactions.sqlite"), { readOnly: true });
  const row = () =>
    database.prepare("SELECT status, model FROM transactions WHERE request_id = ?").get(requestId) as
      | { readonly status: string; readonly model: string | null }
      | undefined;
  await waitFor(() => row() !== undefined, "the transaction");
  const found = row();
  database.close();
  return found;
}

describe("a direct call", () => {
  test("is answered without the queue, says so, and is billed", async () => {
    const before = await storedEver();
    const { data, response } = await client.chat.completions.create(body).withResponse();
    expect(data.choices[0]?.message.content).toBe("Hello there.");
    expect(response.headers.get("x-nocp-path")).toBe("direct");
    expect(await transactionOf(response.headers.get("x-nocp-request-id") ?? "")).toEqual({
      status: "succeeded",
      model: "scripted-1",
    });
    expect(await storedEver()).toBe(before);
  });

  test("is streamed as the vendor writes, with its usage", async () => {
    const stream = await client.chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } });
    const pieces: string[] = [];
    let totalTokens = 0;
    for await (const { choices, usage } of stream) {
      if (choices[0]?.delta.content) pieces.push(choices[0].delta.content);
      totalTokens = usage?.total_tokens ?? totalTokens;
    }
    expect([pieces.join(""), totalTokens]).toEqual(["Hello there.", 25]);
    expect(pieces.length).toBeGreaterThan(1);
  });

  test("that a rate limit keeps waiting does not have that time in its overhead", async () => {
    let calls = 0;
    gateway.vendor.answer(() => {
      if (calls++ > 0) return { text: ["Hello."] };
      return { status: 429, error: { message: "slow down" }, headers: { "retry-after": "1" } };
    });
    const startedAt = performance.now();
    const limited = { model: "openai-compatible/limited-1", messages };
    const { response } = await client.chat.completions.create(limited).withResponse();
    const elapsedMs = performance.now() - startedAt;
    expect([calls, response.headers.get("x-nocp-path")]).toEqual([2, "direct"]);
    // Without the second that the vendor asked for; clocks of processes may differ a little.
    expect(Number(response.headers.get("x-nocp-overhead-ms"))).toBeLessThanOrEqual(elapsedMs - 1_000 + 50);
  });

  test("fails with the vendor's error after NOCP's own retries, and is accounted for", async () => {
    gateway.vendor.answer(() => ({ status: 400, error: { message: "no such thing", type: "invalid_request_error" } }));
    const failed = await client.chat.completions.create(body).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(OpenAI.BadRequestError);
    const requestId = (failed as InstanceType<typeof OpenAI.APIError>).headers?.get("x-nocp-request-id") ?? "";
    expect((await transactionOf(requestId))?.status).toBe("failed");
  });

  test("that its client gives up ends the vendor's call", async () => {
    const { promise: never, resolve } = Promise.withResolvers<void>();
    gateway.vendor.answer(async () => {
      await never;
      return { text: ["Too late."] };
    });
    const before = gateway.vendor.calls.length;
    const controller = new AbortController();
    const call = client.chat.completions.create(body, { signal: controller.signal }).catch((error: unknown) => error);
    await waitFor(() => gateway.vendor.calls.length > before, "the vendor's call");
    controller.abort();
    await call;
    expect(await gateway.vendor.calls.at(-1)?.ended).toBe("hung up");
    resolve();
  });
});

describe("a call that cannot go directly", () => {
  test.each([
    ["its lane is batch", { "x-nocp-lane": "batch" }, "batch"],
    ["its client named it", { "x-nocp-request-id": "01890a5d-ac96-774b-bcce-b302099a8057" }, "request-id"],
  ])("because %s takes the queue and says why", async (_why, headers, reason) => {
    const before = await storedEver();
    const { response } = await client.chat.completions.create(body, { headers }).withResponse();
    expect(response.headers.get("x-nocp-path")).toBe("queue");
    expect(response.headers.get("x-nocp-path-reason")).toBe(reason);
    expect(await storedEver()).toBe(before + 4);
  });

  test("because too many do takes the queue where it may, and is told to come back where it may not", async () => {
    const { promise: after, resolve: release } = Promise.withResolvers<void>();
    const before = gateway.vendor.calls.length;
    gateway.vendor.answer(async (_body, number) => {
      if (number <= before + 2) await after;
      return { text: ["Hello there."] };
    });
    const held = [1, 2].map(() => client.chat.completions.create(body));
    await waitFor(() => gateway.vendor.calls.length === before + 2, "the vendor's calls");
    const refused = await client.chat.completions.create(body).catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 503 });
    const { response } = await client.chat.completions.create(body, { headers: { "x-nocp-path": "auto" } }).withResponse();
    expect(response.headers.get("x-nocp-path-reason")).toBe("saturated");
    release();
    expect((await Promise.all(held)).map(({ choices }) => choices[0]?.message.content)).toEqual(["Hello there.", "Hello there."]);
  });
});
