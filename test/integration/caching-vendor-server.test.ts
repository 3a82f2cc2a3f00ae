// The vendor that the caching benchmark measures against caches as the vendors' documentation says.
import { type CachingVendorServer, startCachingVendorServer } from "@nocp/benchmarks/servers/caching-vendor-server.ts";
import { createPromptCache, type PromptPiece } from "@nocp/benchmarks/servers/prompt-cache.ts";
import { capabilitiesOf } from "@nocp/models/capabilities.ts";
import { anthropicCapabilities } from "@nocp/models/vendors/anthropic/capabilities.ts";
import { openAiChatCapabilities } from "@nocp/models/vendors/openai/capabilities.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const piece = (text: string, tokens: number, ttl?: "5m" | "1h"): PromptPiece => ({ text, tokens, ttl });
const none = () => 0;
const minute = 60_000;

describe("a cache that works by itself", () => {
  const open = (now = () => 0) => createPromptCache(capabilitiesOf(openAiChatCapabilities, "gpt-5.4").promptCaching, now);

  it("reads the common beginning in steps of 128, from 1,024 tokens on", () => {
    const cache = open();
    expect(cache.take([piece("a", 1000), piece("b", 200), piece("c", 50)], none).read).toBe(0);
    expect(cache.take([piece("a", 1000), piece("b", 200), piece("d", 50)], none).read).toBe(1152);
    expect(cache.take([piece("a", 1000), piece("x", 200)], none).read).toBe(0);
  });

  it("counts what a piece has in common with an earlier one", () => {
    const cache = open();
    cache.take([piece("a", 1000), piece("same and more", 300)], none);
    expect(cache.take([piece("a", 1000), piece("same but less", 300)], (text) => (text === "same " ? 30 : 0)).read).toBe(1024);
  });

  it("forgets after five minutes", () => {
    let now = 0;
    const cache = open(() => now);
    cache.take([piece("a", 2000)], none);
    now = 5 * minute;
    expect(cache.take([piece("a", 2000)], none).read).toBe(0);
  });
});

describe("a cache of what is marked", () => {
  const open = (now = () => 0) =>
    createPromptCache(capabilitiesOf(anthropicCapabilities, "claude-sonnet-4-5").promptCaching, now);

  it("writes up to the last mark and reads it again, also from a mark a few blocks behind", () => {
    const cache = open();
    const first = [piece("a", 1500, "5m"), piece("b", 100)];
    expect(cache.take(first, none)).toEqual({ read: 0, written: 1500, writtenOneHour: 0 });
    const next = [piece("a", 1500), piece("b", 100), piece("c", 10, "5m")];
    expect(cache.take(next, none)).toEqual({ read: 1500, written: 110, writtenOneHour: 0 });
  });

  it("keeps nothing that is unmarked or too short", () => {
    const cache = open();
    cache.take([piece("a", 900, "5m"), piece("b", 2000)], none);
    expect(cache.take([piece("a", 900, "5m"), piece("b", 2000)], none)).toEqual({ read: 0, written: 0, writtenOneHour: 0 });
  });

  it("keeps for five minutes after the last use, or an hour", () => {
    let now = 0;
    const cache = open(() => now);
    const prompt = [piece("a", 2000, "1h"), piece("b", 100, "5m")];
    expect(cache.take(prompt, none)).toEqual({ read: 0, written: 2100, writtenOneHour: 2000 });
    now = 4 * minute;
    expect(cache.take(prompt, none).read).toBe(2100);
    now = 8 * minute;
    expect(cache.take(prompt, none).read).toBe(2100);
    now = 14 * minute;
    expect(cache.take(prompt, none)).toEqual({ read: 2000, written: 100, writtenOneHour: 0 });
  });

  it("refuses a fifth mark, and an hour behind five minutes", () => {
    expect(() =>
      open().take(
        Array.from({ length: 5 }, () => piece("a", 1, "5m")),
        none,
      ),
    ).toThrow(/maximum of 4/);
    expect(() => open().take([piece("a", 1, "5m"), piece("b", 1, "1h")], none)).toThrow(/1h must not/);
  });
});

interface Usage {
  readonly prompt_tokens_details: { readonly cached_tokens: number };
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
}

describe("the server", () => {
  let server: CachingVendorServer;
  beforeEach(async () => {
    server = await startCachingVendorServer();
  });
  afterEach(() => server.close());
  const post = async (path: string, body: unknown): Promise<{ usage: Usage }> => {
    const response = await fetch(`${server.url}${path}`, { method: "POST", body: JSON.stringify(body) });
    return (await response.json()) as { usage: Usage };
  };
  const text = Array.from({ length: 3000 }, (_, at) => `word${at}`).join(" ");

  it("reports cached tokens in both protocols, and forgets when it is told to", async () => {
    server.expect({ reply: "yes" });
    const chat = { model: "gpt-5.4", messages: [{ role: "user", content: text }] };
    await post("/v1/chat/completions", chat);
    expect((await post("/v1/chat/completions", chat)).usage.prompt_tokens_details.cached_tokens).toBeGreaterThan(1024);
    server.clearCache();
    expect((await post("/v1/chat/completions", chat)).usage.prompt_tokens_details.cached_tokens).toBe(0);
    const block = { type: "text", text, cache_control: { type: "ephemeral" } };
    const marked = { model: "claude-sonnet-4-5", max_tokens: 5, messages: [{ role: "user", content: [block] }] };
    const written = (await post("/v1/messages", marked)).usage.cache_creation_input_tokens;
    expect(written).toBeGreaterThan(1024);
    expect((await post("/v1/messages", marked)).usage.cache_read_input_tokens).toBe(written);
    expect(server.takeCalls()).toHaveLength(5);
  });
});
