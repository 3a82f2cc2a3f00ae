// ./nocp session on a real queue.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commandHere } from "../fixtures/command-here.ts";

let server: NatsTestServer;
let broker: Broker;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nocp-session-"));
  server = await startNatsTestServer();
  broker = await openTestBroker(server.url);
  const sessions = await broker.sessions(5000);
  for (const [tenant, id] of [
    ["default", "trip"],
    ["default", "boat"],
    ["acme", "trip"],
  ] as const) {
    const messages = [{ role: "user" as const, text: `My booking code is QX-${id}-7731.` }];
    await sessions.append(
      { tenant, id },
      { requestId: `${tenant}-${id}`, at: Date.now(), messages, inputTokens: { raw: 100, optimized: 40 } },
    );
  }
});
afterAll(async () => {
  await broker?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const session = (...args: readonly string[]) => commandHere(["session", ...args, "--nats-url", server.url]);
const json = async (...args: readonly string[]) => JSON.parse((await session(...args, "--json")).stdout);

test("list, show, close, snapshot, delete and restore do what they say, and print JSON when asked", async () => {
  expect((await json("list")).map(({ tenant, id }: { tenant: string; id: string }) => `${tenant}/${id}`).sort()).toEqual([
    "acme/trip",
    "default/boat",
    "default/trip",
  ]);
  expect(await json("list", "--tenant", "acme")).toHaveLength(1);
  expect(await json("list", "--since", "1h", "--limit", "2")).toHaveLength(2);
  expect((await session("list")).stdout).toMatch(/boat.*60\.0 %/);

  expect((await session("show", "trip")).stdout).toMatch(
    /turns {6}1\ntokens {5}100 raw, 40 sent, 60\.0 % saved\n[\s\S]*identifier turn 1, 1× {2}QX-trip-7731/,
  );
  expect((await session("show", "trip", "--turns")).stdout).toContain("  user: My booking code is QX-trip-7731.");
  expect(await json("show", "trip", "--tenant", "acme")).toMatchObject({ tenant: "acme", turns: 1 });

  expect((await session("close", "boat")).stdout).toBe("session boat is closed\n");
  expect(await json("list", "--status", "closed")).toMatchObject([{ id: "boat" }]);
  expect((await session("close", "boat", "--undo")).stdout).toBe("session boat is active\n");

  const file = join(folder, "trip.json");
  expect((await session("snapshot", "trip", file)).stdout).toBe(`wrote 1 turn to ${file}\n`);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse((await session("snapshot", "trip")).stdout));
  const refused = await session("restore", file);
  expect([refused.exitCode, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toMatch(/^nocp: session trip of tenant default already exists\. .*--force.*\(SESSION_EXISTS\)\n$/);
  expect((await session("restore", file, "--force")).exitCode).toBe(0);
  expect((await session("delete", "trip")).stdout).toBe("deleted session trip\n");
  expect(await json("restore", file)).toMatchObject({ id: "trip", turns: 1 });
});

test.each([
  [["show", "nobody"], 4, "SESSION_NOT_FOUND"],
  [["delete", "nobody"], 4, "SESSION_NOT_FOUND"],
  [["list", "--since", "yesterdayish"], 2, "USAGE"],
  [["list", "--status", "lost"], 2, "USAGE"],
  [["restore", "/no/such/file"], 2, "USAGE"],
  [["snapshot", "boat", "/no/such/folder/file"], 2, "USAGE"],
  [["show", "../../etc"], 2, "INVALID_SESSION"],
  [["show", "boat", "--tenant", "a.b"], 2, "INVALID_SESSION"],
  [["list", "--tenant", ">"], 2, "INVALID_SESSION"],
  [[], 2, "USAGE"],
])("`session %j` ends with %i and one line", async (args, exitCode, code) => {
  const outcome = await session(...args);
  expect([outcome.exitCode, outcome.stdout]).toEqual([exitCode, ""]);
  expect(outcome.stderr).toMatch(new RegExp(`^nocp: .*\\(${code}\\)\\n$`));
});

test("a file that is no snapshot is refused", async () => {
  const file = join(folder, "other.json");
  for (const body of ["{", "{}", '{"head":{"id":"x"},"turns":[]}']) {
    writeFileSync(file, body);
    const { exitCode, stderr } = await session("restore", file);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/^nocp: .*\(INVALID_SNAPSHOT\)\n$/)]);
  }
});
