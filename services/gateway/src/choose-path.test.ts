import { describe, expect, test } from "vitest";
import { choosePath, type PathQuestion } from "./choose-path.ts";

const question = (more: Partial<PathQuestion> = {}): PathQuestion => ({
  asked: undefined,
  usual: "auto",
  access: {},
  request: { lane: "interactive" },
  isNamed: false,
  direct: "open",
  ...more,
});
const tool = { name: "clock.now" };

describe("the path of a call", () => {
  test.each<[string, Partial<PathQuestion>, object]>([
    ["an interactive call", {}, { path: "direct" }],
    ["one of the batch lane", { request: { lane: "batch" } }, { path: "queue", reason: "batch" }],
    ["one that the client named", { isNamed: true }, { path: "queue", reason: "request-id" }],
    ["one with tools of NOCP", { request: { tools: [tool] } }, { path: "queue", reason: "tools" }],
    ["one that offers tools of NOCP", { request: { offerTools: ["clock.now"] } }, { path: "queue", reason: "tools" }],
    [
      "one whose tools may be held back",
      { request: { compression: { toolDefinitions: "selected" } } },
      { path: "queue", reason: "tools" },
    ],
    ["one beside too many others", { direct: "full" }, { path: "queue", reason: "saturated" }],
    ["one before the stages are loaded", { direct: "starting" }, { path: "queue", reason: "starting" }],
    ["one after they could not be loaded", { direct: "failed" }, { path: "queue", reason: "failed" }],
    ["one whose key has the queue only", { access: { paths: ["queue"] } }, { path: "queue", reason: "key" }],
    ["one that asks for the queue", { asked: "queue" }, { path: "queue" }],
    ["any where the queue is the setting", { usual: "queue" }, { path: "queue" }],
    ["one that asks for the direct path there", { usual: "queue", asked: "direct" }, { path: "direct" }],
    ["one that leaves it to a gateway without a direct path", { asked: "auto", direct: "off" }, { path: "queue" }],
    [
      "one that needs the queue where direct is the setting",
      { usual: "direct", isNamed: true },
      { path: "queue", reason: "request-id" },
    ],
  ])("of %s", (_which, more, expected) => {
    expect(choosePath(question(more))).toEqual(expected);
  });

  test.each<[string, Partial<PathQuestion>, object]>([
    ["a key without it", { asked: "direct", access: { paths: ["queue"] } }, { field: "path" }],
    ["a key without the queue", { asked: "queue", access: { paths: ["direct"] } }, { field: "path" }],
    ["a gateway without it", { asked: "direct", direct: "off" }, { field: "path" }],
    ["a full one", { asked: "direct", direct: "full" }, { code: "NOT_CONNECTED", retryAfterMs: 1000 }],
    ["a full one and a key for it alone", { direct: "full", access: { paths: ["direct"] } }, { code: "NOT_CONNECTED" }],
  ])("is refused for %s", (_which, more, expected) => {
    expect(() => choosePath(question(more))).toThrow(expect.objectContaining(expected));
  });
});
