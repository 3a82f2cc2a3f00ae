import type { PromptMessage } from "@nocp/contracts/prompt.ts";
import { promptMessages } from "@nocp/contracts/prompt.ts";
import { describe, expect, it } from "vitest";
import { promptOf, weatherTool } from "../../../../test/fixtures/llm-router-fixtures.ts";
import { capabilitiesOf } from "../capabilities.ts";
import { anthropicCapabilities } from "../vendors/anthropic/capabilities.ts";
import { openAiResponsesCapabilities } from "../vendors/openai/capabilities.ts";
import { type PromptCaching, withCacheMarks } from "./cache-marks.ts";

const anthropic = capabilitiesOf(anthropicCapabilities, "claude-haiku-4-5").promptCaching;
const auto: PromptCaching = { mode: "auto", isReused: true, ttl: "5m", key: "k" };
const said = (role: "user" | "assistant", text: string, more: Partial<PromptMessage> = {}): PromptMessage => ({
  role,
  text,
  ...more,
});
const history = [said("user", "first"), said("assistant", "second")];

/** `system 5m | first` … of the messages that carry a mark. */
const marked = (prompt: Partial<Parameters<typeof promptOf>[1]>, caching: PromptCaching | undefined, support = anthropic) =>
  withCacheMarks({ messages: promptMessages(promptOf("question", prompt)), tools: prompt?.tools ?? [] }, caching, support)
    .messages.filter(({ cache }) => cache !== undefined)
    .map(({ role, text, cache }) => `${role} ${text.split("\n").at(-1)} ${cache?.ttl}`);

describe("NOCP's own marks", () => {
  it("stand after the instructions, the conversation, and a question that has no context of its own", () => {
    expect(marked({ history }, auto)).toEqual(["system Answer the question. 5m", "assistant second 5m", "user question 5m"]);
  });

  it("leave out a question whose context the next turn does not have", () => {
    expect(marked({ context: "c", history }, auto)).toEqual(["system Answer the question. 5m", "assistant second 5m"]);
  });

  it("stand after a question with its context where the model may call tools, for the next round reads it again", () => {
    expect(marked({ context: "c", tools: [weatherTool] }, auto)).toContain("user question 5m");
  });

  it("stand after the instructions alone when nothing says that more will follow", () => {
    expect(marked({}, { ...auto, isReused: false })).toEqual(["system Answer the question. 5m"]);
  });

  it.each(["marks", "off"] as const)("are missing with the mode %s", (mode) => {
    expect(marked({ history }, { ...auto, mode })).toEqual([]);
  });
});

describe("marks of the caller", () => {
  const callers = [
    said("user", "a", { cache: { ttl: "5m" } }),
    said("assistant", "b"),
    said("user", "c", { cache: { ttl: "5m" } }),
  ];

  it("are kept, and leave NOCP the rest of the four", () => {
    const found = marked({ history: callers }, auto);
    expect(found).toHaveLength(4);
    expect(found).toEqual(expect.arrayContaining(["user a 5m", "user c 5m", "user question 5m"]));
  });

  it("are sent without NOCP's with the mode marks, and not at all with off", () => {
    expect(marked({ history: callers }, { ...auto, mode: "marks" })).toEqual(["user a 5m", "user c 5m"]);
    expect(marked({ history: callers }, { ...auto, mode: "off" })).toEqual([]);
    expect(marked({ history: callers }, undefined)).toEqual(["user a 5m", "user c 5m"]);
  });

  it("beyond what the vendor takes are dropped from the front", () => {
    const many = Array.from({ length: 6 }, (_, at) => said(at % 2 ? "assistant" : "user", `${at}`, { cache: { ttl: "5m" } }));
    expect(marked({ history: many }, auto)).toEqual(["user 2 5m", "assistant 3 5m", "user 4 5m", "assistant 5 5m"]);
  });

  it("of an hour are never behind five minutes, which the vendor refuses", () => {
    const hour = [said("user", "a"), said("assistant", "b", { cache: { ttl: "1h" } })];
    expect(marked({ history: hour }, auto)).toEqual(["system Answer the question. 1h", "assistant b 1h", "user question 5m"]);
    expect(marked({ history: callers }, { ...auto, ttl: "1h" }).map((mark) => mark.slice(-2))).toEqual(["1h", "5m", "5m", "5m"]);
  });
});

describe("where only some messages can carry a mark", () => {
  it("the nearest one before it does, and earlier turns keep theirs", () => {
    const { promptCaching } = capabilitiesOf(openAiResponsesCapabilities, "gpt-5.6");
    expect(marked({ history, context: "c" }, auto, promptCaching)).toEqual(["system Answer the question. 5m", "user first 5m"]);
  });

  it("and where none can, none does", () => {
    expect(marked({ history }, auto, capabilitiesOf(openAiResponsesCapabilities, "gpt-4o").promptCaching)).toEqual([]);
  });
});
