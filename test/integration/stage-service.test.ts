import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { defineStageService, runStageService } from "@nocp/runtime/service/run-stage-service.ts";
import type { ServiceResources } from "@nocp/runtime/service/service-frame.ts";
import type { Handle } from "@nocp/runtime/stage/handler.ts";
import { emptyToolsCompleted, waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { describe, expect, test } from "vitest";
import { createTestHost, type TestHost } from "../fixtures/test-host.ts";
import { useTestQueue } from "../fixtures/test-queue.ts";

const queue = useTestQueue();

/** act as a service of this process. */
async function runAct(handle: Handle<"act">, use: (resources: ServiceResources) => void = () => undefined): Promise<TestHost> {
  const host = createTestHost({
    NATS_URL: queue.server.url,
    NOCP_MESSAGING_RETRY_BASE_MS: "1",
    NOCP_MESSAGING_MAX_ATTEMPTS: "2",
  });
  const create = (resources: ServiceResources) => {
    use(resources);
    return handle;
  };
  await runStageService(defineStageService({ stage: "act", sections: [], create }), host);
  return host;
}

const stopped = async (host: TestHost): Promise<number> => {
  host.sendStopSignal();
  return host.exited;
};
const messagesOf = ({ log }: TestHost) => log.map(({ msg }) => msg);

describe("a stage's service", () => {
  test("says when it runs and is ready, answers for its stage, and ends with code 0 when it is asked to", async () => {
    const released: string[] = [];
    const host = await runAct(emptyToolsCompleted, ({ onRelease }) => onRelease(() => void released.push("resource")));
    const running = host.log.find(({ msg }) => msg === "running");
    const operations = `http://127.0.0.1:${running?.port}`;
    expect(await (await fetch(`${operations}/readyz`)).json()).toMatchObject({
      status: "ready",
      powerLoss: expect.stringMatching(/covered/),
    });
    await queue.client.submit({ query: "hello" });
    await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === 1, "the emission");
    for (const path of ["/healthz", "/readyz", "/metrics"]) {
      expect((await fetch(operations + path, { method: "HEAD" })).status).toBe(200);
      for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
        const refused = await fetch(operations + path, { method });
        expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
      }
    }
    expect((await fetch(`${operations}/nothing`, { method: "POST" })).status).toBe(404);
    expect(await (await fetch(`${operations}/metrics`)).text()).toMatch(/nocp_messages_total\{[^}]*settlement="ack"[^}]*\} 1/);
    expect(await stopped(host)).toBe(0);
    expect(released).toEqual(["resource"]);
    await expect(fetch(operations)).rejects.toThrow();
  });

  test("finishes what it handles before it ends", async () => {
    const gate = Promise.withResolvers<void>();
    let started = false;
    const host = await runAct(async (message, context) => {
      started = true;
      await gate.promise;
      return emptyToolsCompleted(message, context);
    });
    await queue.client.submit({ query: "hello" });
    await waitFor(() => started, "the start");
    const exited = stopped(host);
    gate.resolve();
    expect(await exited).toBe(0);
    expect(await queue.messagesIn("NOCP_ASSESS")).toBe(1);
    expect(await queue.messagesIn("NOCP_ACT")).toBe(0);
  });

  test("ends with code 2 when its settings are wrong, and says which", async () => {
    const host = createTestHost({ NOCP_MESSAGING_CONCURRENCY: "none", NOCP_LOG_LEVEL: "loud" });
    await runStageService(defineStageService({ stage: "act", sections: [], create: () => emptyToolsCompleted }), host);
    expect(await host.exited).toBe(2);
    expect(host.errors.join()).toMatch(/messaging\.concurrency[\s\S]*log\.level[\s\S]*INVALID_CONFIGURATION/);
  });

  test("ends with code 1 when it cannot start, and lets go of what it had", async () => {
    const released: string[] = [];
    const host = createTestHost({ NATS_URL: queue.server.url });
    const create = ({ onRelease }: ServiceResources) => {
      onRelease(() => void released.push("resource"));
      throw new NocpError("INVALID_PLUGIN", "a broken tool");
    };
    await runStageService(defineStageService({ stage: "act", sections: [], create }), host);
    expect(await host.exited).toBe(1);
    expect(host.log.find(({ msg }) => msg === "start failed")).toMatchObject({ code: "INVALID_PLUGIN", reason: "a broken tool" });
    expect(released).toEqual(["resource"]);
  });

  test("survives a promise that nobody handles, and an exception only when it is told that it may", async () => {
    const host = await runAct(emptyToolsCompleted, ({ onUncaught }) => onUncaught((thrown) => thrown === "harmless"));
    host.rejectUnhandled(new RangeError("secret"));
    expect(host.log.at(-1)).toMatchObject({ msg: "unhandled promise rejection", error: "RangeError" });
    expect(JSON.stringify(host.log)).not.toContain("secret");
    host.throwUncaught("harmless");
    expect(host.errors).toEqual([]);
    host.throwUncaught("grave");
    expect(await host.exited).toBe(1);
    expect(host.errors).toEqual(["Uncaught 'grave'"]);
    host.sendStopSignal();
    await waitFor(
      async () => (await queue.broker.manager.consumers.info("NOCP_ACT", "act-interactive")).num_waiting === 0,
      "the end",
    );
  });

  test("that asks to be restarted drains and ends with code 1", async () => {
    let restart = () => {};
    const host = await runAct(emptyToolsCompleted, (resources) => {
      restart = resources.restart;
    });
    restart();
    expect(await host.exited).toBe(1);
  });
});

describe("the log of a stage", () => {
  test("has a line for what was tried again and one for what failed, none for what succeeded, and never content", async () => {
    const host = await runAct(async (message, context) => {
      if (message.fact === "request.submitted" && message.body.query === "fails") throw new TypeError("secret content");
      return emptyToolsCompleted(message, context);
    });
    await queue.client.submit({ query: "succeeds" });
    const { requestId } = await queue.client.ask({ query: "fails" });
    expect(await stopped(host)).toBe(0);
    const lines = host.log.filter((line) => line.requestId !== undefined);
    expect(lines).toMatchObject([
      { level: 40, msg: "message will be retried", requestId, attempt: 1, settlement: "retry", error: "TypeError" },
      { level: 50, msg: "request failed", requestId, attempt: 2, settlement: "dead-letter", code: "ATTEMPTS_EXHAUSTED" },
    ]);
    expect(lines[0]?.at).toContainEqual(expect.stringContaining("stage-service.test.ts"));
    expect(lines[0]?.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify(host.log)).not.toContain("secret");
    expect(messagesOf(host)).toContain("running");
  });

  test("says at information level that a request failed for a reason of the caller's", async () => {
    const host = await runAct(async () => {
      throw new NocpError("CANCELLED", "no longer wanted");
    });
    await queue.client.ask({ query: "hello" });
    expect(await stopped(host)).toBe(0);
    expect(host.log.filter(({ msg }) => msg === "request failed")).toMatchObject([
      { level: 30, code: "CANCELLED", settlement: "fail" },
    ]);
  });
});
