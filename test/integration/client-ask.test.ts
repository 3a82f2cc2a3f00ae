import { createClient } from "@nocp/client/create-client.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { emptyToolsCompleted } from "@nocp/runtime/testing/stage-fixtures.ts";
import { startTestStage } from "@nocp/runtime/testing/stage-harness.ts";
import { describe, expect, test } from "vitest";
import { useTestQueue } from "../fixtures/test-queue.ts";

const queue = useTestQueue();

describe("the timeout of ask()", () => {
  test("rejects where it is awaited, also when it ends before the request is stored", async () => {
    const ask = queue.client.ask({ query: "too short" }, { timeoutMs: 1 });
    await expect(ask).rejects.toMatchObject({ code: "RESULT_NOT_FOUND" });
  });

  test("bounds a broker that stalls, and so does closing", async () => {
    const client = await createClient({ natsUrl: queue.server.url });
    await queue.server.pause();
    try {
      // The broker stays stalled until both have ended.
      await expect(client.ask({ query: "stalled" }, { timeoutMs: 300 })).rejects.toMatchObject({
        code: "RESULT_NOT_FOUND",
      });
      await client.close();
    } finally {
      await queue.server.resume();
    }
  });

  test("leaves what is wrong with the request to be told", async () => {
    await expect(queue.client.ask({ query: "" }, { timeoutMs: 1_000 })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });
});

describe("watching with ask()", () => {
  test("every stage of the journey is told once before the result is there, however quick it was", async () => {
    queue.stages.push(
      await startTestStage(queue.broker, "act", emptyToolsCompleted),
      await startTestStage(queue.broker, "assess", async () => {
        throw new NocpError("CANCELLED", "ends here");
      }),
    );
    const told: string[] = [];
    await queue.client.ask(
      { query: "quick" },
      { timeoutMs: 60_000, watcher: { onStage: (stage, kind, { code }) => told.push(`${stage} ${kind} ${code}`) } },
    );
    expect(told).toEqual(["act stage-completed null", "assess stage-completed CANCELLED"]);
  });
});
