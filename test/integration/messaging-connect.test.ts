import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { natsSection } from "@nocp/runtime/config/sections.ts";
import { type NatsTestServer, startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { connectToNats } from "@nocp/runtime/transport/connect.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let server: NatsTestServer;
beforeAll(async () => {
  server = await startNatsTestServer(["--user", "bob", "--pass", "p@ss/word"]);
});
afterAll(() => server.stop());

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

  test("credentials that cannot be read are wrong configuration", async () => {
    expect((await failureOf({ url: server.url, credentialsFile: "/nowhere/x.creds" })).code).toBe("INVALID_CONFIGURATION");
  });
});
