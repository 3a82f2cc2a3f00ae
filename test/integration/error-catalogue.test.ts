// What docs/errors.md says happens when a code is raised, compared with what does happen in each place.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createHandler as createActHandler } from "@nocp/act/handle.ts";
import type { CommandEntry } from "@nocp/cli/command-table.ts";
import { runProgram } from "@nocp/cli/program.ts";
import { outcomeOf } from "@nocp/cli/reference/errors.ts";
import { createRunTool } from "@nocp/cli/setup/run-tool.ts";
import { exitCodeOf, failureOf } from "@nocp/cli/terminal/exit-code.ts";
import { type ErrorCode, errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import type { ErrorPlace } from "@nocp/contracts/errors/catalogue-entry.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { toolsCompletedSchema } from "@nocp/contracts/messages.ts";
import { requestSchema } from "@nocp/contracts/request.ts";
import { resultSubject } from "@nocp/contracts/topology.ts";
import { createBundle } from "@nocp/runtime/stores/archive/bundle.ts";
import { createTestContext } from "@nocp/runtime/testing/handler-context.ts";
import { startNatsTestServer } from "@nocp/runtime/testing/nats-test-server.ts";
import { claimHeader, newHeaders } from "@nocp/runtime/transport/message-headers.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestTools, emptyArchive, testTool } from "../fixtures/act-test-tool.ts";
import { childEnvironment } from "../fixtures/child-environment.ts";
import { writtenEnvironment } from "../fixtures/cli-environment.ts";
import { fakeContext, optimizedMessage, scriptedProvider } from "../fixtures/llm-router-fixtures.ts";
import { routerOf } from "../fixtures/llm-router-handler.ts";
import { useTestQueue } from "../fixtures/test-queue.ts";
import { projectRoot } from "../servers/start-test-deployment.ts";

const codes = Object.keys(errorCatalogue) as ErrorCode[];
const codesOf = (place: ErrorPlace): ErrorCode[] =>
  codes.filter((code) => (errorCatalogue[code].raisedBy as readonly ErrorPlace[]).includes(place));
const documented = (place: ErrorPlace) => Object.fromEntries(codesOf(place).map((code) => [code, outcomeOf(code, place)]));

describe("a stage", () => {
  const maxAttempts = 2;
  const queue = useTestQueue({ maxAttempts });

  test("settles each code that a stage can raise as documented", async () => {
    const starts: Record<string, number> = {};
    await queue.start("act", async ({ body }) => {
      const code = (body as { query: string }).query as ErrorCode;
      starts[code] = (starts[code] ?? 0) + 1;
      // What waits does so until the deadline, and its last wait would be longer.
      const isLast = errorCatalogue[code].disposition === "wait" && starts[code] > maxAttempts;
      throw new NocpError(code, "provoked", isLast ? { retryAfterMs: 24 * 60 * 60_000 } : {});
    });
    const results = await Promise.all(codesOf("stage").map((query) => queue.client.ask({ query })));
    const letters = new Set((await queue.client.deadLetters.list(codes.length)).map(({ letter }) => letter.requestId));
    const observed = codesOf("stage").map((code, index) => {
      const { requestId, status, error } = results[index]!;
      expect([status, error?.code]).toEqual(["failed", code]);
      const end = letters.has(requestId) ? "dead letter and failed result" : "failed result";
      if (starts[code] === 1) return [code, end];
      const isOften = (starts[code] ?? 0) > maxAttempts;
      return [code, isOften ? `waits and is retried until the deadline; then ${end}` : `retried; after the last attempt, ${end}`];
    });
    expect(Object.fromEntries(observed)).toEqual(documented("stage"));
  });

  test("retries an error without a code, too, and ends with ATTEMPTS_EXHAUSTED", async () => {
    await queue.start("act", async () => {
      throw new TypeError("provoked");
    });
    const { error } = await queue.client.ask({ query: "hello" });
    expect(error?.code).toBe("ATTEMPTS_EXHAUSTED");
    expect(await queue.client.deadLetters.list(10)).toMatchObject([{ letter: { attempts: 2 } }]);
  });
});

test("a tool call that fails leaves the request going, and is retried as documented", async () => {
  const tools = codesOf("tool").map((code) =>
    testTool(
      code,
      () => {
        throw new NocpError(code, "provoked");
      },
      { idempotent: true, maxAttempts: 2 },
    ),
  );
  const { registry, runTools } = createTestTools(tools);
  const handle = createActHandler({
    registry,
    runTools,
    archive: emptyArchive,
    maxCallsPerRound: 32,
    acceptKeys: false,
    keySecret: "secret",
  });
  const request = requestSchema.parse({ query: "?", tools: codesOf("tool").map((name) => ({ name })) });
  const [emission, ...others] = await handle({ fact: "request.submitted", body: request }, createTestContext());
  expect([emission?.fact, others]).toEqual(["tools.completed", []]);
  const { toolResults, warnings } = toolsCompletedSchema.parse(emission?.body);
  const observed = toolResults.map(({ status, error, attempts }) => {
    expect(status).toBe("failed");
    return [error?.code, attempts === 1 ? "failed tool result" : "retried, then failed tool result"];
  });
  expect(Object.fromEntries(observed)).toEqual(documented("tool"));
  expect(warnings.map(({ code }) => code)).toEqual(codesOf("tool"));
});

test("a failed provider call is followed by the next candidate, or not, as documented", async () => {
  const outcomes = await Promise.all(
    codesOf("provider").map(async (code) => {
      const first = scriptedProvider("first", [new NocpError(code, "provoked")]);
      const second = scriptedProvider("second", [{}]);
      const { handle } = routerOf([first, second], { fallbacks: ["second"] });
      await Promise.allSettled([handle(optimizedMessage({}), fakeContext())]);
      return [code, second.calls.length === 1 ? "next candidate" : "no further candidate"];
    }),
  );
  expect(Object.fromEntries(outcomes)).toEqual(documented("provider"));
});

/** A server that greets like a NATS of that version, and says nothing more. */
function startGreeter(version: string): Promise<{ readonly url: string; stop(): void }> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.write(`INFO ${JSON.stringify({ version, server_id: "x", max_payload: 1_048_576, proto: 1, jetstream: true })}\r\n`);
    socket.on("data", (data) => {
      if (String(data).includes("PING")) socket.write("PONG\r\n");
    });
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      resolve({ url: `nats://127.0.0.1:${port}`, stop: () => void server.close() });
    }),
  );
}

describe("the command line and its client", () => {
  const queue = useTestQueue();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nocp-errors-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  interface Run {
    readonly args: readonly string[];
    readonly stdin?: string;
    readonly natsUrl?: string;
    readonly variables?: Readonly<Record<string, string>>;
  }

  /** @returns what the command threw. */
  async function errorOf(
    { args, stdin = "", natsUrl = queue.server.url, variables = {} }: Run,
    commands?: readonly CommandEntry[],
  ): Promise<unknown> {
    const { environment } = writtenEnvironment({
      root: projectRoot,
      dataFolder: folder,
      variables: { NATS_URL: natsUrl, ...variables },
      stdin: Readable.from([stdin]),
    });
    return runProgram(args, { environment, version: "0", ...(commands ? { commands } : {}) }).then(
      () => expect.unreachable(`${args.join(" ")} succeeded`),
      (error: unknown) => error,
    );
  }
  const file = (text: string): string => {
    const path = join(folder, "input.json");
    writeFileSync(path, text);
    return path;
  };
  const unknownId = "00000000-0000-7000-8000-000000000000";
  const publish: Run = { args: ["publish", "-", "--no-wait"], stdin: '{"query":"?"}' };
  const changeStream = (changes: object) => queue.broker.manager.streams.update("NOCP_ACT", changes);

  const provocations: Partial<Record<ErrorCode, () => Promise<unknown>>> = {
    USAGE: () => errorOf({ args: ["publsh"] }),
    INVALID_CONFIGURATION: () => errorOf({ args: ["result", unknownId, "--set", "nats.url=nats://a:b/c@d"] }),
    MISSING_DEPENDENCY: async () => {
      const old = await startGreeter("2.1.0");
      return errorOf({ args: ["result", unknownId], natsUrl: old.url }).finally(old.stop);
    },
    UNEXPECTED: () =>
      errorOf({ args: ["broken"] }, [
        { name: "broken", group: "", summary: "", load: () => Promise.reject(new TypeError("provoked")) },
      ]),
    INVALID_JSON: () => errorOf({ args: ["publish", "-"], stdin: "{" }),
    INVALID_REQUEST: () => errorOf({ args: ["result", "*"] }),
    INVALID_MESSAGE: async () => {
      await queue.broker.jetstream.publish("nocp.v2.dead.act", "not a letter");
      return errorOf({ args: ["dead", "redrive", "1"] });
    },
    REQUEST_TOO_LARGE: () =>
      errorOf({
        ...publish,
        stdin: JSON.stringify({ query: "x".repeat(2000) }),
        args: [...publish.args, "--set", "messaging.maxRequestBytes=1024"],
      }),
    INVALID_SESSION: () => errorOf({ args: ["session", "show", "*"] }),
    SESSION_NOT_FOUND: () => errorOf({ args: ["session", "show", "none"] }),
    SESSION_EXISTS: async () => {
      const sessions = await queue.broker.sessions(5000);
      const turn = {
        requestId: "r",
        at: Date.now(),
        messages: [{ role: "user" as const, text: "hi" }],
        inputTokens: { raw: 1, optimized: 1 },
      };
      await sessions.append({ tenant: "default", id: "trip" }, turn);
      const snapshot = await queue.client.sessions.snapshot({ tenant: "default", id: "trip" });
      return errorOf({ args: ["session", "restore", file(JSON.stringify(snapshot))] });
    },
    INVALID_SNAPSHOT: () => errorOf({ args: ["session", "restore", "-"], stdin: "{}" }),
    QUEUE_FULL: async () => {
      await queue.client.submit({ query: "?" });
      await changeStream({ max_msgs: 1 });
      return errorOf(publish);
    },
    PUBLISH_FAILED: async () => {
      await changeStream({ sealed: true });
      return errorOf(publish);
    },
    NOT_CONNECTED: () => errorOf({ ...publish, natsUrl: "nats://127.0.0.1:1" }),
    NOT_AUTHORIZED: async () => {
      const server = await startNatsTestServer(["--user", "bob", "--pass", "secret"]);
      return errorOf({ ...publish, natsUrl: server.url }).finally(server.stop);
    },
    NOT_PROVISIONED: async () => {
      await queue.broker.manager.streams.delete("NOCP_ACT");
      return errorOf(publish);
    },
    PROVISIONING_REFUSED: async () => {
      for (let index = 0; index < 3; index++) await queue.client.submit({ query: "?" });
      return errorOf({ args: ["setup", "--streams", "--set", "messaging.streamMaxMessages=2"] });
    },
    CLAIM_MISSING: async () => {
      const headers = newHeaders();
      headers.set(claimHeader, "nowhere/nothing");
      await queue.broker.jetstream.publish(resultSubject({ tenant: "default", requestId: unknownId }), "", { headers });
      return errorOf({ args: ["result", unknownId, "--timeout", "0"] });
    },
    RESULT_NOT_FOUND: () => errorOf({ args: ["result", unknownId, "--timeout", "0"] }),
    INVALID_ARGUMENTS: () => errorOf({ args: ["archive", "get", "!"] }),
    ARCHIVE_MISSING: () => errorOf({ args: ["archive", "get", "aaaaaaaaaa"] }),
    ARCHIVE_REFUSED: async () => {
      const item = { kind: "document" as const, id: "d", title: "", text: "original" };
      const bundle = createBundle({ tenant: "default", kind: "request", id: unknownId }, [item]);
      await queue.broker.archive.put(bundle);
      return errorOf({ args: ["archive", "get", bundle.reference, "--tenant", "other"] });
    },
    ARCHIVE_UNAVAILABLE: () => errorOf({ args: ["archive", "list", "--dir", file("not a folder")] }),
  };

  test.each([...new Set([...codesOf("cli"), ...codesOf("client")])])(
    "%s ends a command with the documented exit code",
    async (code) => {
      const error = await provocations[code]?.();
      expect(failureOf(error).code).toBe(code);
      for (const place of errorCatalogue[code].raisedBy.filter((one) => one === "cli" || one === "client")) {
        expect(outcomeOf(code, place)).toMatch(new RegExp(`exits with ${exitCodeOf(error)}$`));
      }
    },
  );
});

test.each([
  { code: "INVALID_CONFIGURATION", variables: { NOCP_ACT_MAX_RESULT_BYTES: "many" } },
  { code: "NOT_AUTHORIZED", variables: {} },
] as const)("a service that meets $code exits as documented", async ({ code, variables }) => {
  const server = await startNatsTestServer(["--user", "bob", "--pass", "secret"]);
  const run = createRunTool({ ...childEnvironment, NATS_URL: server.url, NOCP_HTTP_PORT: "0", ...variables });
  const { exitCode, stdout, stderr } = await run(process.execPath, [join(projectRoot, "services/act/src/main.ts")]);
  await server.stop();
  expect(stdout + stderr).toContain(code);
  expect(outcomeOf(code, "service")).toBe(`does not start, exits with ${exitCode}`);
});
