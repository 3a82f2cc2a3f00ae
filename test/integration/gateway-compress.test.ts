// POST /v1/compress with the real compressor, and the forms in which clients of headroom's endpoint send messages.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assessSection } from "@nocp/assess/config.ts";
import { openHostedCompression } from "@nocp/assess/hosted-compression.ts";
import { defaultsOf } from "@nocp/contracts/settings/setting.ts";
import { compressRoutes } from "@nocp/gateway/compress/compress-routes.ts";
import { createCompressSessions } from "@nocp/gateway/compress/compress-sessions.ts";
import { createFolderArchive } from "@nocp/runtime/stores/archive/folder-archive.ts";
import { restoreText } from "@nocp/text/lossless/lossless.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMemoryRecords, createRoutesApp, type RoutesApp } from "../fixtures/gateway-routes.ts";

let app: RoutesApp;
let folder: string;
const release: (() => Promise<void>)[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nocp-compress-"));
  app = createRoutesApp([
    compressRoutes({
      compression: () => openHostedCompression(defaultsOf(assessSection), (end) => release.push(end)),
      sessions: createCompressSessions(createMemoryRecords()),
      archive: createFolderArchive(folder),
    }),
  ]);
});
afterAll(async () => {
  for (const end of release) await end();
  await rm(folder, { recursive: true, force: true });
});

const orders = (count: number, from = 0): object[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `A-${1000 + from + at}`,
    customer: `customer ${(from + at) % 17}`,
    status: at % 9 === 4 ? "failed" : "shipped",
    note: `parcel ${from + at} left the depot in the ${["north", "south", "east", "west"][at % 4]}`,
  }));
const question = "Which orders of customer 4 failed?";

const chat = (result: string) => [
  { role: "system", content: "You are an assistant of a shop." },
  { role: "user", content: question },
  {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "c1", type: "function", function: { name: "orders", arguments: "{}" } }],
  },
  { role: "tool", tool_call_id: "c1", content: result },
  { role: "user", content: question },
];
const messagesApi = (result: string) => [
  { role: "user", content: question },
  { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "orders", input: {} }] },
  { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: [{ type: "text", text: result }] }] },
];
const compress = (body: object, headers = {}) =>
  app.call("POST", "/v1/compress", { body: { model: "gpt-4o", ...body }, headers });
const result = JSON.stringify(orders(120));

describe("POST /v1/compress", () => {
  test("shortens results of tools and leaves everything else as it was", async () => {
    const { status, body } = await compress({ messages: chat(result) });
    expect(status).toBe(200);
    expect(body.messages).toHaveLength(5);
    for (const at of [0, 1, 2, 4]) expect(body.messages[at]).toEqual(chat(result)[at]);
    expect(body.messages[3]).toMatchObject({ role: "tool", tool_call_id: "c1" });
    expect(body.messages[3].content.length).toBeLessThan(result.length / 2);
    for (const { id, customer, status: state } of orders(120) as { id: string; customer: string; status: string }[]) {
      if (customer === "customer 4" && state === "failed") expect(body.messages[3].content).toContain(id);
    }
    expect(body.tokens_saved).toBe(body.tokens_before - body.tokens_after);
    expect(body.tokens_saved).toBeGreaterThan(body.tokens_before / 3);
    expect(body.compression_ratio).toBeCloseTo(body.tokens_after / body.tokens_before);
    expect(body.transforms_applied.length).toBeGreaterThan(0);
    expect(body.ccr_hashes).toEqual([]);
  });

  test("takes Anthropic's form and that of Responses", async () => {
    const anthropic = await compress({ model: "anthropic/claude-sonnet-5", messages: messagesApi(result) });
    const [block] = anthropic.body.messages[2].content;
    expect(block).toMatchObject({ type: "tool_result", tool_use_id: "t1" });
    expect(block.content[0].text.length).toBeLessThan(result.length / 2);
    const input = [
      { role: "user", content: question },
      { type: "function_call", call_id: "f1", name: "orders", arguments: "{}" },
      { type: "function_call_output", call_id: "f1", output: result },
    ];
    const responses = await compress({ input });
    expect(responses.body.input[2].output.length).toBeLessThan(result.length / 2);
    expect(responses.body.input).toEqual(responses.body.messages);
  });

  test("lossless removes nothing; off, and headroom's header, change nothing", async () => {
    const lossless = await compress({ messages: chat(result), config: { mode: "lossless" } });
    expect(JSON.parse(restoreText(lossless.body.messages[3].content))).toEqual(orders(120));
    expect(lossless.body.tokens_saved).toBeGreaterThan(0);
    for (const off of [
      await compress({ messages: chat(result) }, { "x-headroom-bypass": "true" }),
      await compress({ messages: chat(result) }, { "x-nocp-compression": "off" }),
    ]) {
      expect(off.body.messages).toEqual(chat(result));
      expect(off.body).toMatchObject({ tokens_saved: 0, compression_ratio: 1, transforms_applied: [] });
    }
  });

  test("keeps to a ratio and to a budget", async () => {
    const ratio = await compress({ messages: chat(result), config: { target_ratio: 0.1 } });
    expect(ratio.body.tokens_after).toBeLessThan(ratio.body.tokens_before * 0.15);
    const budget = await compress({ messages: chat(result), token_budget: 1000 });
    expect(budget.body.tokens_after).toBeLessThanOrEqual(1000);
  });

  test("leaves the messages that its caller protects, and the user's last one in any case", async () => {
    const long = Array.from({ length: 80 }, (_, at) => `In week ${at} the harbour of Oslo was closed for ${at + 2} hours.`).join(
      " ",
    );
    const conversation = [
      { role: "user", content: long },
      ...chat(result).slice(2, 4),
      { role: "user", content: `${long} Why?` },
    ];
    const frozen = await compress({ messages: conversation, config: { frozen_message_count: 3 } });
    expect(frozen.body.messages).toEqual(conversation);
    const recent = await compress({ messages: conversation, config: { protect_recent: 2, compress_user_messages: true } });
    expect(recent.body.messages.slice(1)).toEqual(conversation.slice(1));
    expect(recent.body.messages[0].content.length).toBeLessThan(long.length);
  });

  test("keeps the quotation marks that a text has itself", async () => {
    const quoted = ['"Does the warranty hold?"', '"a\\nb"', '"'];
    for (const text of quoted) {
      const messages = [{ role: "user", content: text }, ...chat(text)];
      const { body } = await compress({ messages, config: { compress_user_messages: true } });
      expect([body.messages[0].content, body.messages[4].content]).toEqual([text, text]);
    }
  });

  test("what was removed can be fetched back by its tenant alone, in mode ccr", async () => {
    const { body } = await compress({ messages: chat(result), config: { mode: "ccr" } });
    const [hash] = body.ccr_hashes;
    expect(hash).toMatch(/^[a-f0-9]{12,24}$/);
    expect(body.messages[3].content).toContain(`hash=${hash}`);
    const found = await app.call("GET", `/v1/retrieve/${hash}`);
    expect(found.body).toMatchObject({ hash, original_content: result, tool_name: "orders" });
    expect((await app.call("POST", "/v1/retrieve", { body: { hash } })).body).toEqual(found.body);
    for (const [path, as] of [
      [`/v1/retrieve/${hash}`, "other"],
      [`/v1/retrieve/${hash.slice(0, 15)}f`, "default"],
      ["/v1/retrieve/ffffffffffffffff", "default"],
      ["/v1/retrieve/..%2f..%2fx", "default"],
    ] as const) {
      expect([path, as, (await app.call("GET", path, { as })).status]).toEqual([path, as, 404]);
    }
  });

  test("returns the same again for what a session sent before", async () => {
    const config = { session_id: "agent 7 / Ä" };
    const first = await compress({ messages: chat(result), config });
    const later = [...chat(result), { role: "assistant", content: "A-1004." }, { role: "user", content: "What of the east?" }];
    const second = await compress({ messages: later, config });
    expect(second.body.messages.slice(0, 5)).toEqual(first.body.messages);
    expect(second.body.session).toEqual({ id: config.session_id, frozen_message_count: 5, cached_prefix_replayed: true });
    expect(second.body.tokens_saved).toBeGreaterThan(0);
    const other = await compress({ messages: [{ role: "system", content: "Another." }, ...later], config });
    expect(other.body.session.frozen_message_count).toBe(0);
  });

  test("never shortens what the model fetched back", async () => {
    const messages = [
      { role: "user", content: question },
      {
        role: "assistant",
        tool_calls: [{ id: "c1", type: "function", function: { name: "mcp__x__headroom_retrieve", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "c1", content: result },
    ];
    expect((await compress({ messages, config: { target_ratio: 0.1 } })).body.messages).toEqual(messages);
  });

  test("answers an empty conversation, and refuses what it cannot read, naming the field", async () => {
    expect((await compress({ messages: [] })).body).toMatchObject({ messages: [], tokens_before: 0, compression_ratio: 1 });
    const wrong: [object, string][] = [
      [{}, "messages"],
      [{ messages: [1] }, "messages.0"],
      [{ messages: [], config: { mode: "fast" } }, "config.mode"],
      [{ messages: [], config: { frozen_message_count: -1 } }, "config.frozen_message_count"],
      [{ messages: [], config: { target_ratio: 2 } }, "config.target_ratio"],
      [{ messages: [], config: { session_id: "a", compress_user_messages: true } }, "config.compress_user_messages"],
      [{ messages: [], model: 7 }, "model"],
    ];
    for (const [sent, field] of wrong) {
      const { status, body } = await compress(sent);
      expect([status, body.error.param]).toEqual([400, field]);
    }
    expect((await app.call("POST", "/v1/compress", { as: "", body: {} })).status).toBe(401);
  });

  test("keeps every digit of what it does not shorten", async () => {
    const sent = '{"model":"gpt-4o","messages":[{"role":"user","content":"Hi","id":12345678901234567890}]}';
    const { text } = await app.call("POST", "/v1/compress", {
      body: Buffer.from(sent),
      headers: { "content-type": "application/json" },
    });
    expect(text).toContain("12345678901234567890");
  });
});
