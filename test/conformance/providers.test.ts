// Every vendor's folder in shared/models/src/vendors keeps the contract, whatever the server behind it does.
import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { usageSchema } from "@nocp/contracts/accounting.ts";
import type { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { finishReasons } from "@nocp/contracts/messages.ts";
import { classifyProviderError } from "@nocp/models/failures/classify-provider-error.ts";
import { createLeanFetch } from "@nocp/models/http/lean-fetch.ts";
import type { ProviderCall, ProviderCompletion } from "@nocp/models/provider.ts";
import type { Vendor } from "@nocp/models/vendor.ts";
import { vendors } from "@nocp/models/vendor-table.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { callOf, type LocalServer, localServer, promptOf } from "../fixtures/llm-router-fixtures.ts";

const secret = "sk-conformance-0123456789";
const remote = vendors.filter(({ section }) => "baseUrl" in section.settings);

const transport = createLeanFetch({ connectMs: 2000, useProxy: false });
afterAll(transport.close);

const servers: LocalServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function serverThat(
  respond: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<LocalServer> {
  const server = await localServer(respond);
  servers.push(server);
  return server;
}

async function complete(
  vendor: Vendor,
  baseUrl: string,
  call: Partial<ProviderCall> = {},
  signal = new AbortController().signal,
): Promise<ProviderCompletion> {
  const { section } = vendor;
  const has = (key: string) => key in section.settings;
  const flags = {
    ...(has("baseUrl") ? { [`${section.name}.baseUrl`]: baseUrl } : {}),
    ...(has("apiKey") ? { [`${section.name}.apiKey`]: secret } : {}),
    ...(has("text") ? { [`${section.name}.text`]: "Paris, says the setting." } : {}),
  };
  const config = loadConfig([section], { flags });
  const [setup] = vendor.providers((own) => config.section(own));
  expect(setup?.configured).toBe(true);
  const provider = await setup!.create({ fetch: transport.fetch });
  const prompt = promptOf("What is the capital of France?", {
    context: "The capital of France is Paris. It has two million inhabitants.",
  });
  return provider.complete(callOf(prompt, { model: "some-model", ...call }), signal);
}

async function failureOf(
  vendor: Vendor,
  server: LocalServer,
  call: Partial<ProviderCall> = {},
  signal?: AbortSignal,
): Promise<NocpError> {
  const thrown = await complete(vendor, server.url, call, signal).then(
    (completion) => expect.unreachable(`it answered ${JSON.stringify(completion)}`),
    (error: unknown) => error,
  );
  const error = classifyProviderError(thrown, { provider: vendor.name, model: "some-model" }, Date.now());
  expect(error.message).not.toContain(secret);
  expect(error.message).not.toContain("capital of France");
  return error;
}

const eventStream = (response: ServerResponse, events: readonly object[]): void => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events) {
    const type = (event as { type?: string }).type;
    response.write(`${type ? `event: ${type}\n` : ""}data: ${JSON.stringify(event)}\n\n`);
  }
};

const vendorsFolder = new URL("../../shared/models/src/vendors/", import.meta.url);

/** The beginning of a vendor's stream, up to some text and no further: a file of its folder. */
const streamBeginning = (name: string): readonly object[] =>
  JSON.parse(readFileSync(new URL(`${name}/stream-beginning.json`, vendorsFolder), "utf8")) as object[];

it("runs over every folder of vendors", () => {
  expect(vendors.map(({ name }) => name).sort()).toEqual(readdirSync(vendorsFolder).sort());
});

describe.each(vendors.map((vendor) => [vendor.name, vendor] as const))("%s", (name, vendor) => {
  it("declares a section of its own name with a described model and time-out", () => {
    expect(vendor.section.name).toBe(`providers.${name}`);
    for (const setting of Object.values(vendor.section.settings)) expect(setting.description.length).toBeGreaterThan(10);
    const keys = Object.entries(vendor.section.settings).filter(([key]) => /key|token|password/i.test(key));
    for (const [, setting] of keys) expect(setting.secret).toBe(true);
  });

  it("is configured without settings only when it needs none", () => {
    const config = loadConfig([vendor.section]);
    const setups = vendor.providers((own) => config.section(own));
    expect(setups.map(({ configured }) => configured)).toEqual(setups.map(() => vendor.lastResort === true));
  });

  it("does not start once the signal has fired", async () => {
    const server = await serverThat((_request, response) => response.end());
    await expect(complete(vendor, server.url, {}, AbortSignal.abort(new Error("stopped")))).rejects.toThrow();
    expect(server.requests).toHaveLength(0);
  });
});

describe.each(vendors.filter(({ section }) => !("baseUrl" in section.settings)).map((vendor) => [vendor.name, vendor] as const))(
  "%s, which needs no server",
  (_name, vendor) => {
    it.each([false, true])(
      "answers from the context, or its settings, with a valid completion (streamed: %s)",
      async (streamed) => {
        const pieces: string[] = [];
        const completion = await complete(vendor, "", streamed ? { onDelta: (piece) => pieces.push(piece) } : {});
        expect(completion.text).toContain("Paris");
        expect(finishReasons).toContain(completion.finishReason);
        if (completion.usage) usageSchema.parse(completion.usage);
        if (streamed) expect(pieces.join("")).toBe(completion.text);
      },
    );
  },
);

describe.each(remote.map((vendor) => [vendor.name, vendor] as const))("%s fails honestly", (name, vendor) => {
  const json =
    (body: string, status = 200) =>
    (_request: IncomingMessage, response: ServerResponse) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(body);
    };
  const html = (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<html><body>Please log in to the network</body></html>");
  };
  const streams = [false, true] as const;
  const call = (streamed: boolean): Partial<ProviderCall> => (streamed ? { onDelta: () => undefined } : {});

  it.each(streams)("when a web page answers (streamed: %s)", async (streamed) => {
    expect((await failureOf(vendor, await serverThat(html), call(streamed))).disposition).toBe("retry");
  });

  it.each([
    ["an empty body", ""],
    ["an empty object", "{}"],
    ["a list", "[]"],
    ["null", "null"],
    ["half of an object", '{"id":"x","choices":[{"mess'],
    ["an object of another kind", '{"choices":"none","content":7,"candidates":{"a":1},"output":"x"}'],
  ])("when the answer is %s", async (_kind, body) => {
    expect((await failureOf(vendor, await serverThat(json(body)))).code).toBe("PROVIDER_INVALID_RESPONSE");
    expect((await failureOf(vendor, await serverThat(json(body)), call(true))).disposition).toBe("retry");
  });

  it("when the connection is closed before an answer", async () => {
    const server = await serverThat((request) => request.socket.destroy());
    expect((await failureOf(vendor, server)).code).toBe("PROVIDER_UNREACHABLE");
  });

  it("when nobody listens", async () => {
    const server = await localServer(() => undefined);
    await server.close();
    expect((await failureOf(vendor, server)).code).toBe("PROVIDER_UNREACHABLE");
  });

  it("when the stream is cut by the network", async () => {
    const server = await serverThat((request, response) => {
      eventStream(response, streamBeginning(name));
      setTimeout(() => request.socket.destroy(), 20);
    });
    expect((await failureOf(vendor, server, call(true))).disposition).toBe("retry");
  });

  it("when the stream ends politely without a finish reason", async () => {
    const pieces: string[] = [];
    const server = await serverThat((_request, response) => {
      eventStream(response, streamBeginning(name));
      response.end();
    });
    const error = await failureOf(vendor, server, { onDelta: (piece) => pieces.push(piece) });
    expect(error.code).toBe("PROVIDER_UNAVAILABLE");
    expect(pieces).toEqual(["Par"]);
  });

  it.each(streams)(
    "when the server hangs: the call ends with the signal, and so does the connection (streamed: %s)",
    async (streamed) => {
      let closed: Promise<void> | undefined;
      const server = await serverThat((request, response) => {
        closed = new Promise((resolve) => request.socket.once("close", () => resolve()));
        if (streamed) eventStream(response, streamBeginning(name));
      });
      const controller = new AbortController();
      const failed = failureOf(vendor, server, call(streamed), controller.signal);
      while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      controller.abort(new Error("no longer wanted"));
      await failed;
      await closed;
    },
  );

  it("asks once: trying again is not the SDK's business", async () => {
    const server = await serverThat(json('{"error":{"message":"busy"}}', 503));
    expect((await failureOf(vendor, server)).code).toBe("PROVIDER_UNAVAILABLE");
    expect(server.requests).toHaveLength(1);
  });
});
