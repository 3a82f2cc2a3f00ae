import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { natsSection } from "@nocp/runtime/config/sections.ts";
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { createUserKey } from "@nocp/runtime/testing/user-key.ts";
import { connectToNats } from "@nocp/runtime/transport/connect.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let server: NatsTestServer;
beforeAll(async () => {
  server = await startNatsTestServer(["--user", "bob", "--pass", "p@ss/word"]);
});
afterAll(() => server.stop());

const folder = mkdtempSync(join(tmpdir(), "nocp-connect-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const connect = (settings: Record<string, string>, firstConnectTimeoutMs = 60_000) =>
  connectToNats({ ...loadConfig([natsSection]).section(natsSection), ...settings }, { name: "test", firstConnectTimeoutMs });
const at = (userInfo: string): string => server.url.replace("nats://", `nats://${userInfo}@`);
const failureOf = async (settings: Record<string, string>, firstConnectTimeoutMs?: number): Promise<NocpError> => {
  const error = await connect(settings, firstConnectTimeoutMs).then(
    (connection) => connection.close().then(() => expect.unreachable()),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(NocpError);
  return error as NocpError;
};

describe("connecting with a user", () => {
  test("takes the user and the password from the address", async () => {
    const connection = await connect({ url: at("bob:p%40ss%2Fword") });
    await connection.close();
  });

  test("prefers those of the settings", async () => {
    const connection = await connect({ url: at("eve:wrong"), user: "bob", password: "p@ss/word" });
    await connection.close();
  });

  test("a refusal is reported as one, at once, without the password", async () => {
    const patienceMs = 600_000;
    // Longer than a test may take: it ends only if the refusal does not wait for it.
    const error = await failureOf({ url: at("bob:hunter2") }, patienceMs);
    expect(error).toMatchObject({ code: "NOT_AUTHORIZED", advice: expect.stringContaining("nats.password") });
    expect(error.message).not.toContain("hunter2");
  });

  test("a server that is not there is named without the password", async () => {
    const error = await failureOf({ url: "nats://bob:hunter2@127.0.0.1:1" }, 0);
    expect(error).toMatchObject({
      code: "NOT_CONNECTED",
      message: expect.stringContaining("cannot reach NATS at nats://127.0.0.1:1"),
    });
  });

  test("an address that is none is wrong configuration, named without the password", async () => {
    const error = await failureOf({ url: "nats://bob:hun/ter2@127.0.0.1:4222" });
    expect(error).toMatchObject({
      code: "INVALID_CONFIGURATION",
      message: expect.stringContaining('"nats://***@127.0.0.1:4222"'),
    });
  });

  test("takes the password from a file, without the line's end, and again when the file was replaced", async () => {
    const passwordFile = join(folder, "password");
    writeFileSync(passwordFile, "p@ss/word\n");
    const connection = await connect({ url: server.url, user: "bob", passwordFile });
    await connection.close();
    writeFileSync(passwordFile, "hunter2\n");
    expect((await failureOf({ url: server.url, user: "bob", passwordFile })).code).toBe("NOT_AUTHORIZED");
  });

  test.each(["credentialsFile", "nkeyFile", "passwordFile"])(
    "a file that is not there is wrong configuration: %s",
    async (setting) => {
      const error = await failureOf({ url: server.url, user: "bob", [setting]: "/nowhere/x" });
      expect(error).toMatchObject({ code: "INVALID_CONFIGURATION", message: expect.stringContaining(`nats.${setting}`) });
    },
  );
});

describe("connecting with an NKey", () => {
  const key = createUserKey();
  let keyServer: NatsTestServer;
  beforeAll(async () => {
    const inbox = "_INBOX_keyed.>";
    const permissions = { publish: { allow: ["question", inbox] }, subscribe: { allow: ["question", inbox] } };
    const config = join(folder, "nkeys.conf");
    writeFileSync(config, `authorization: ${JSON.stringify({ users: [{ nkey: key.publicKey, permissions }] })}`);
    keyServer = await startNatsTestServer(["-c", config]);
  });
  afterAll(() => keyServer.stop());

  test("takes its seed from a file, and hears replies where its user may listen", async () => {
    const nkeyFile = join(folder, "seed");
    writeFileSync(nkeyFile, `${key.seed}\n`);
    const connection = await connect({ url: keyServer.url, nkeyFile, inboxPrefix: "_INBOX_keyed" });
    connection.subscribe("question", { callback: (_, message) => void message.respond("answer") });
    expect((await connection.request("question")).string()).toBe("answer");
    await connection.close();
  });

  test("another key is refused, and a file without one is wrong configuration", async () => {
    const nkeyFile = join(folder, "other");
    writeFileSync(nkeyFile, createUserKey().seed);
    expect((await failureOf({ url: keyServer.url, nkeyFile })).code).toBe("NOT_AUTHORIZED");
    writeFileSync(nkeyFile, "no seed");
    expect((await failureOf({ url: keyServer.url, nkeyFile })).code).toBe("INVALID_CONFIGURATION");
  });
});
