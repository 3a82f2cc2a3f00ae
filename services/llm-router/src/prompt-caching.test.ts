import { describe, expect, it } from "vitest";
import { optimizedMessage, promptOf, weatherTool } from "../../../test/fixtures/llm-router-fixtures.ts";
import { promptCachingOf } from "./prompt-caching.ts";

const settings = { mode: "auto", ttl: "5m" } as const;
const of = (
  request: Parameters<typeof optimizedMessage>[0],
  prompt = promptOf("q"),
  set: Parameters<typeof promptCachingOf>[1] = settings,
) => promptCachingOf(optimizedMessage(request, { prompt }).body, set);
const history = [
  { role: "user" as const, text: "first" },
  { role: "assistant" as const, text: "second" },
];

const staying = promptOf("q", { context: "c", contextStays: true });

describe("what is asked of a vendor's prompt cache", () => {
  it.each([
    ["a lone question", {}, promptOf("q"), false],
    ["a turn of a session", { session: { id: "s" } }, promptOf("q"), true],
    ["a question behind a conversation", {}, promptOf("q", { history }), true],
    ["a question with tools", {}, promptOf("q", { tools: [weatherTool] }), true],
    ["a question in a message, whose context stays", { query: undefined, messages: history.slice(0, 1) }, staying, true],
    ["a question by itself, whose context would stay", {}, staying, false],
    ["a question that speaks of the cache", { promptCache: {} }, promptOf("q"), true],
  ])("%s", (_what, request, prompt, isReused) => {
    expect(of(request, prompt).isReused).toBe(isReused);
  });

  it("is what the stricter of request and setting allows", () => {
    expect(of({ promptCache: { mode: "marks" } }).mode).toBe("marks");
    expect(of({ promptCache: { mode: "auto" } }, promptOf("q"), { mode: "off", ttl: "5m" }).mode).toBe("off");
  });

  it("is left to a caller whose prompt is its own, or whose request to the vendor speaks of the cache", () => {
    const native = (body: Record<string, unknown>) => ({
      api: "anthropic-messages" as const,
      body,
      whole: false,
      untranslated: [],
    });
    expect(of({}, promptOf("q", { framing: "none" })).mode).toBe("marks");
    expect(of({ native: native({ cache_control: { type: "ephemeral" } }) }).mode).toBe("marks");
    expect(of({ native: native({ top_k: 3 }) }).mode).toBe("auto");
  });

  it("lasts as long as the request says, or else the setting", () => {
    expect(of({ promptCache: { ttl: "1h" } }).ttl).toBe("1h");
    expect(of({}, promptOf("q"), { mode: "auto", ttl: "1h" }).ttl).toBe("1h");
  });
});

describe("the key of a cache", () => {
  it("stays the same from turn to turn of a conversation that is sent whole each time", () => {
    expect(of({}, promptOf("third", { history: [{ role: "user", text: "first" }, history[1]!] })).key).toBe(
      of({}, promptOf("first")).key,
    );
  });

  it("is the session's, and another one for another session, tenant or beginning", () => {
    const keys = [
      of({ session: { id: "a" } }).key,
      of({ session: { id: "b" } }).key,
      of({ session: { id: "a" }, tenant: "other" }).key,
      of({}).key,
      of({}, promptOf("else")).key,
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(of({ session: { id: "a" } }, promptOf("another turn", { history })).key).toBe(keys[0]);
  });

  it("is the caller's where it names one", () => {
    expect(of({ promptCache: { key: "mine" } }).key).toBe("mine");
  });
});
