// Sessions on a real nats-server: no turn is lost or doubled, and everything survives a restart.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Client, createClient } from "@nocp/client/create-client.ts";
import type { NewSessionTurn } from "@nocp/contracts/session.ts";
import type { SessionStore } from "@nocp/runtime/stores/sessions/session-store.ts";
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { openSessionBuckets } from "@nocp/runtime/transport/session-buckets.ts";
import { createSessionStore } from "@nocp/runtime/transport/session-store.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let server: NatsTestServer;
let broker: Broker;
let sessions: SessionStore;
let client: Client;
const brokers: Broker[] = [];
const ref = { tenant: "acme", id: "s1" };

const open = async (): Promise<SessionStore> => {
  const opened = await openTestBroker(server.url);
  brokers.push(opened);
  return opened.sessions(10_000);
};

beforeEach(async () => {
  server = await startNatsTestServer();
  broker = await openTestBroker(server.url);
  sessions = await broker.sessions(10_000);
  client = await createClient({ natsUrl: server.url });
});
afterEach(async () => {
  await client.close();
  for (const opened of [...brokers.splice(0), broker]) await opened.close();
  await server.stop();
});

const turn = (requestId: string, text = `said in ${requestId}`): NewSessionTurn => ({
  requestId,
  at: 1_700_000_000_000,
  messages: [
    { role: "user", text },
    { role: "assistant", text: "Noted." },
  ],
  inputTokens: { raw: 10, optimized: 4 },
});
const headOf = async (of = ref) => {
  const stored = await sessions.head(of);
  if (!stored) throw new Error("there is no session");
  return stored.head;
};
const requestIdsOf = async (of = ref) => (await sessions.turns(await headOf(of), 1, 1000)).map(({ requestId }) => requestId);

describe("appending", () => {
  test("makes the session on first use, counts its tokens and keeps what was said word for word", async () => {
    expect(await sessions.head(ref)).toBeUndefined();
    expect(await sessions.append(ref, turn("a", "My code is QX-7731."))).toEqual({ number: 1, appended: true });
    expect(await sessions.append(ref, turn("b"))).toEqual({ number: 2, appended: true });
    const head = await headOf();
    expect(head).toMatchObject({
      id: "s1",
      tenant: "acme",
      status: "active",
      turns: 2,
      totals: { rawTokens: 20, optimizedTokens: 8, compactions: 0, lastCompactionAt: null },
    });
    expect(head.ledger).toContainEqual({
      value: "QX-7731",
      kind: "identifier",
      turn: 1,
      context: "My code is QX-7731.",
      mentions: 1,
    });
    expect((await sessions.turns(head, 1, 1))[0]).toEqual({ v: 1, number: 1, ...turn("a", "My code is QX-7731.") });
  });

  test("a redelivered request adds nothing, also after other turns", async () => {
    await sessions.append(ref, turn("a"));
    for (const id of ["b", "c", "d"]) await sessions.append(ref, turn(id));
    expect(await (await open()).append(ref, turn("a"))).toEqual({ number: 1, appended: false });
    expect(await requestIdsOf()).toEqual(["a", "b", "c", "d"]);
    expect((await headOf()).totals.rawTokens).toBe(40);
  });

  test("50 concurrent turns over three connections, each delivered twice: 50 turns, numbered without gaps", async () => {
    const stores = [sessions, await open(), await open()];
    const ids = Array.from({ length: 50 }, (_, at) => `request-${at}`);
    const outcomes = await Promise.all(
      ids.flatMap((id, at) =>
        [0, 1].map(async (delivery) => {
          const outcome = await stores[(at + delivery) % 3]?.append(ref, turn(id));
          expect((await headOf()).turns).toBeGreaterThanOrEqual(outcome?.number ?? 0);
          return outcome;
        }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome?.appended)).toHaveLength(50);
    const turns = await sessions.turns(await headOf(), 1, 1000);
    expect(turns.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
    expect(new Set(turns.map(({ requestId }) => requestId))).toEqual(new Set(ids));
    expect(await headOf()).toMatchObject({ turns: 50, totals: { rawTokens: 500, optimizedTokens: 200 } });
  });

  test("a turn whose process died before the head was written is taken in by the next append", async () => {
    await sessions.append(ref, turn("a"));
    const buckets = await openSessionBuckets(broker.connection, broker.manager, { ttlMs: 0, replicas: 1, applyTtl: false });
    const dying = Object.assign(Object.create(buckets.heads), {
      update: () => Promise.reject(new Error("killed")),
    });
    const halfDead = createSessionStore({ ...buckets, heads: dying }, { maxBytes: 500_000, patienceMs: 0 });
    await expect(halfDead.append(ref, turn("b", "My seat is K-1207."))).rejects.toThrow("killed");
    expect(await headOf()).toMatchObject({ turns: 1 });
    expect(await sessions.append(ref, turn("c"))).toEqual({ number: 3, appended: true });
    expect(await requestIdsOf()).toEqual(["a", "b", "c"]);
    const head = await headOf();
    expect(head).toMatchObject({ turns: 3, totals: { rawTokens: 30 } });
    expect(head.ledger.map(({ value }) => value)).toContain("K-1207");
    expect(await sessions.append(ref, turn("b"))).toEqual({ number: 2, appended: false });
  });

  test("three processes that are killed at any moment lose no turn that they reported", async () => {
    const shared = { tenant: "default", id: "shared" };
    const reported: string[] = [];
    const start = (name: string): ChildProcess => {
      const program = join(import.meta.dirname, "../fixtures/appending-process.ts");
      const child = spawn(process.execPath, [program, server.url, shared.id, name], { stdio: ["ignore", "pipe", "inherit"] });
      let rest = "";
      child.stdout?.on("data", (piece) => {
        const lines = `${rest}${piece}`.split("\n");
        rest = lines.pop() ?? "";
        reported.push(...lines);
      });
      return child;
    };
    for (let round = 0; round < 2; round++) {
      const before = reported.length;
      const children = [0, 1, 2].map((at) => start(`process-${round}-${at}`));
      await waitFor(() => reported.length >= before + 60, "turns of all processes");
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(
        children.map((child) => (child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined)),
      );
    }
    await sessions.append(shared, turn("last"));
    const kept = await requestIdsOf(shared);
    expect(kept).toEqual(expect.arrayContaining(reported));
    expect(new Set(kept).size).toBe(kept.length);
    expect((await headOf(shared)).turns).toBe(kept.length);
    // At most one turn of each killed process was kept without being reported.
    expect(kept.length).toBeLessThanOrEqual(reported.length + 6 + 1);
  });

  test("a turn larger than a message may be is kept whole", async () => {
    const large = "é".repeat(1_500_000);
    await sessions.append(ref, turn("a"));
    await sessions.append(ref, turn("b", large));
    const [, kept] = await sessions.turns(await headOf(), 1, 2);
    expect(kept?.messages[0]?.text === large).toBe(true);
  });

  test("an outage of the broker is waited out", async () => {
    await sessions.append(ref, turn("a"));
    await server.kill();
    const waiting = sessions.append(ref, turn("b"));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await server.restart();
    expect(await waiting).toEqual({ number: 2, appended: true });
    expect(await requestIdsOf()).toEqual(["a", "b"]);
  });
});

test("a restarted broker has every session", async () => {
  await sessions.append(ref, turn("a"));
  await sessions.append({ tenant: "acme", id: "s2" }, turn("b"));
  const before = await headOf();
  await server.restart();
  await waitFor(async () => (await sessions.head(ref)) !== undefined, "the session");
  await waitFor(async () => (await client.sessions.list({}, 10)).length > 0, "the client's connection to work again");
  expect(await headOf()).toEqual(before);
  expect(await requestIdsOf()).toEqual(["a"]);
  expect((await client.sessions.list({}, 10)).map(({ id }) => id).sort()).toEqual(["s1", "s2"]);
});

test("of two roll-ups of one head the first stands, and a turn in between makes both harmless", async () => {
  await sessions.append(ref, turn("a"));
  const stored = await sessions.head(ref);
  if (!stored) throw new Error("there is no session");
  const summary = { text: "Somebody said something.", throughTurn: 1, at: 1_700_000_000_001 };
  expect(await sessions.rollUp(stored, summary)).toBe(true);
  expect(await sessions.rollUp(stored, { ...summary, text: "another" })).toBe(false);
  await sessions.append(ref, turn("b"));
  expect(await headOf()).toMatchObject({
    turns: 2,
    summary: { text: summary.text, generations: 1, throughTurn: 1 },
    totals: { compactions: 1, lastCompactionAt: summary.at },
  });
});

describe("looking after sessions", () => {
  test("the list can be narrowed by tenant, state, time and number, the last changed first", async () => {
    await sessions.append(ref, turn("a"));
    await sessions.append({ tenant: "acme", id: "s2" }, { ...turn("b"), at: 1_800_000_000_000_000 });
    await sessions.append({ tenant: "other", id: "s1" }, turn("c"));
    await client.sessions.setStatus({ tenant: "acme", id: "s1" }, "closed");
    const listed = async (...args: Parameters<Client["sessions"]["list"]>) =>
      (await client.sessions.list(...args)).map(({ tenant, id }) => `${tenant}/${id}`);
    expect(await listed({}, 10)).toHaveLength(3);
    expect((await listed({}, 10))[0]).toBe("acme/s2");
    expect(await listed({ tenant: "other" }, 10)).toEqual(["other/s1"]);
    expect(await listed({ status: "closed" }, 10)).toEqual(["acme/s1"]);
    expect(await listed({ since: 1_800_000_000_000_000 }, 10)).toEqual(["acme/s2"]);
    expect(await listed({}, 1)).toEqual(["acme/s2"]);
  });

  test("a closed session refuses turns until that is undone", async () => {
    await sessions.append(ref, turn("a"));
    await client.sessions.setStatus(ref, "closed");
    await expect(sessions.append(ref, turn("b"))).rejects.toMatchObject({ code: "SESSION_CLOSED" });
    await client.sessions.setStatus(ref, "active");
    expect(await sessions.append(ref, turn("b"))).toEqual({ number: 2, appended: true });
  });

  test("a deleted session is gone with its turns, and its id starts over", async () => {
    for (const id of ["a", "b"]) await sessions.append(ref, turn(id));
    await sessions.append({ tenant: "acme", id: "s10" }, turn("c"));
    await client.sessions.delete(ref);
    await expect(client.sessions.show(ref)).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
    await expect(client.sessions.delete(ref)).rejects.toMatchObject({ code: "SESSION_NOT_FOUND" });
    const kept = await broker.manager.streams.info("KV_nocp_session_turns", { subjects_filter: ">" });
    expect(Object.keys(kept.state.subjects ?? {}).filter((subject) => subject.includes(".s1."))).toEqual([]);
    expect(await sessions.append(ref, turn("a"))).toEqual({ number: 1, appended: true });
    expect(await requestIdsOf({ tenant: "acme", id: "s10" })).toEqual(["c"]);
  });

  test("a snapshot brings a session back as it was, over another only when told to", async () => {
    for (const id of ["a", "b", "c"]) await sessions.append(ref, turn(id, id === "b" ? "é".repeat(600_000) : id));
    const saved = JSON.parse(JSON.stringify(await client.sessions.snapshot(ref)));
    await expect(client.sessions.restore(saved)).rejects.toMatchObject({ code: "SESSION_EXISTS" });
    await sessions.append(ref, turn("d"));
    await client.sessions.restore(saved, { replace: true });
    const { epoch: _new, ...restored } = await headOf();
    const { epoch: _old, ...original } = saved.head;
    expect(restored).toEqual(original);
    expect(await sessions.turns(await headOf(), 1, 10)).toEqual(saved.turns);
    await client.sessions.delete(ref);
    await client.sessions.restore(saved);
    expect(await sessions.append(ref, turn("b"))).toEqual({ number: 2, appended: false });
    expect(await sessions.append(ref, turn("d"))).toEqual({ number: 4, appended: true });
    expect(await requestIdsOf()).toEqual(["a", "b", "c", "d"]);
  });

  test.each([
    ["nothing of the kind", { hello: 1 }, /head/],
    ["turns that do not fit the head", { v: 1, turns: [] }, /head|turns/],
    ["an id that leaves its place", { id: "../../etc" }, /id/],
  ])("a snapshot with %s is refused", async (_name, change, message) => {
    await sessions.append(ref, turn("a"));
    const saved = await client.sessions.snapshot(ref);
    const broken =
      "id" in change ? { ...saved, head: { ...saved.head, ...change } } : "hello" in change ? change : { ...saved, ...change };
    await expect(client.sessions.restore(broken, { replace: true })).rejects.toMatchObject({
      code: "INVALID_SNAPSHOT",
      message: expect.stringMatching(message),
    });
  });
});

test("turns that have expired are left out, and the session goes on", async () => {
  for (const id of ["a", "b", "c"]) await sessions.append(ref, turn(id));
  const { epoch } = await headOf();
  await broker.manager.streams.purge("KV_nocp_session_turns", { filter: `$KV.nocp_session_turns.acme.s1.${epoch}.1` });
  expect(await requestIdsOf()).toEqual(["b", "c"]);
  expect(await sessions.append(ref, turn("d"))).toEqual({ number: 4, appended: true });
  const saved = await client.sessions.snapshot(ref);
  await client.sessions.restore(saved, { replace: true });
  expect(await requestIdsOf()).toEqual(["b", "c", "d"]);
});

test("sessions are kept as long as the setting says, also when it changes", async () => {
  const maxAge = async () => (await broker.manager.streams.info("KV_nocp_session_turns")).config.max_age;
  const days = 24 * 3_600_000 * 1_000_000;
  expect(await maxAge()).toBe(30 * days);
  const forEver = await openTestBroker(server.url, { sessionTtlMs: 0 });
  brokers.push(forEver);
  await forEver.sessions(1000);
  expect(await maxAge()).toBe(30 * days);
  await forEver.sessions(1000, true);
  expect(await maxAge()).toBe(0);
});
