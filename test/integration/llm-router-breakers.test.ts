// Three replicas and a provider that is dead for a while: all requests are answered by another one, and the number of probes
// is that of the settings, whichever replica makes them.
import type { BreakerChange } from "@nocp/contracts/event.ts";
import { createBreakerGate } from "@nocp/llm-router/breakers/breaker-gate.ts";
import { breakerStateSchema, type CallVerdict } from "@nocp/llm-router/breakers/breaker-state.ts";
import { createBreakers } from "@nocp/llm-router/breakers/breakers.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { afterEach, expect, test, vi } from "vitest";
import { publishOptimized, type RouterReplica, startRouterReplica } from "../fixtures/router-replica.ts";
import { useTestQueue } from "../fixtures/test-queue.ts";
import { type MortalModel, startMortalModel } from "../servers/mortal-model.ts";

const messaging = { ackWaitMs: 20_000, retryBaseMs: 50, retryMaxMs: 500 };
const queue = useTestQueue(messaging);
const policy = {
  windowMs: 60_000,
  minimumCalls: 5,
  failureRate: 0.5,
  slowRate: 1,
  openMs: 200,
  maxOpenMs: 800,
  probes: 3,
};
const replicas: RouterReplica[] = [];
const servers: MortalModel[] = [];
afterEach(async () => {
  for (const replica of replicas.splice(0)) await replica.stop();
  for (const server of servers.splice(0)) await server.close();
});

async function startModel(isDead: () => boolean) {
  const model = await startMortalModel(isDead);
  servers.push(model);
  return model;
}

test("a dead provider is probed as often as the settings say, by all replicas together", async () => {
  let isDead = true;
  const dead = await startModel(() => isDead);
  const alive = await startModel(() => false);
  const probed: CallVerdict[] = [];
  const made: BreakerChange[] = [];
  const gates = async (broker: Broker) => [
    createBreakerGate(
      createBreakers({
        shared: await broker.sharedState("breakers", breakerStateSchema),
        policy,
        now: Date.now,
        random: Math.random,
        observe: {
          changed: () => undefined,
          made: (change) => void (change.provider === "dead" && made.push(change)),
          refused: () => undefined,
          probed: ({ provider }, verdict) => void (provider === "dead" && probed.push(verdict)),
        },
      }),
    ),
  ];
  const named = { dead: { baseUrl: dead.baseUrl }, alive: { baseUrl: alive.baseUrl } };
  const providers = { "providers.openai-compatible.servers": JSON.stringify(named) };
  for (let index = 0; index < 3; index++) replicas.push(await startRouterReplica(queue, { messaging, providers, gates }));
  const routing = { provider: "dead", model: "m", fallbacks: [{ provider: "alive", model: "m" }] };
  let published = 0;
  const publish = async (count: number) => {
    published += count;
    await Promise.all(Array.from({ length: count }, () => publishOptimized(queue, { routing }, Date.now() + 300_000)));
    await vi.waitFor(async () => expect(await queue.messagesIn("NOCP_ARTICULATE")).toBe(published), 60_000);
  };
  const shared = await queue.broker.sharedState("breakers", breakerStateSchema);
  const breaker = async () => (await shared.get("dead/m"))!;

  await publish(60);
  expect((await breaker()).openings).toBeGreaterThan(0);
  // Until it has been probed a few times, and each time in vain.
  while ((await breaker()).openings < 4) await publish(5);
  const { openings } = await breaker();
  expect(probed.length).toBeLessThanOrEqual(policy.probes * openings);
  expect(probed).not.toContain("passed");

  isDead = false;
  probed.length = 0;
  while ((await breaker()).phase !== "closed") await publish(5);
  // Those that failed were under way when the provider came back.
  expect(probed.filter((verdict) => verdict === "passed")).toHaveLength(policy.probes);
  // Each change was told of by one replica alone.
  expect(made).toHaveLength((await breaker()).period);
  expect(made.filter(({ to }) => to === "closed")).toHaveLength(1);
  // All replicas have seen that it is closed after a second.
  const before = dead.seen.calls;
  await vi.waitFor(async () => {
    const { calls } = dead.seen;
    await publish(6);
    expect(dead.seen.calls - calls).toBe(6);
  }, 60_000);
  expect(dead.seen.calls).toBeGreaterThan(before);
  expect(await queue.messagesIn("NOCP_RESULTS")).toBe(0);
}, 180_000);
