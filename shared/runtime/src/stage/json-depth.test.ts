import { isNestedDeeper, maxJsonDepth } from "@nocp/contracts/json-depth.ts";
import { parseToolArguments } from "@nocp/models/answers/read-answer.ts";
import { expect, test } from "vitest";
import { type Addressed, decodeBody } from "./decode-message.ts";

const lists = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
const objects = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

test.each([
  ["lists", lists],
  ["objects", objects],
])("levels of %s are counted", (_what, nested) => {
  expect(isNestedDeeper(JSON.parse(nested(5)), 5)).toBe(false);
  expect(isNestedDeeper(JSON.parse(nested(6)), 5)).toBe(true);
  expect(isNestedDeeper(JSON.parse(nested(50_000)), 5)).toBe(true);
});

test.each(["text", 5, null, true])("%j has no levels", (value) => {
  expect(isNestedDeeper(value, 0)).toBe(false);
});

test("what holds itself is too deep", () => {
  const self: unknown[] = [];
  self.push(self);
  expect(isNestedDeeper(self, maxJsonDepth)).toBe(true);
});

const requestId = "01890a5d-ac96-774b-bcce-b302099a8057";
const decode = (fact: Addressed["fact"], body: string) =>
  decodeBody(
    new TextEncoder().encode(body),
    {
      ...{ fact, tenant: "default", lane: "interactive", requestId, messageId: requestId },
      ...{ storedAt: Date.now(), renewedDeadlineAt: undefined },
    },
    { maxRequestBytes: 1e7, defaultTimeoutMs: 1000 },
  );
const toolCall = (nested: string) => `{"query":"q","tools":[{"name":"x","arguments":{"a":${nested}}}]}`;

test("a request is taken up to the limit, and refused beyond it with the limit", () => {
  // The request itself, its tools, the tool and its arguments are four levels.
  expect(() => decode("request.submitted", toolCall(lists(maxJsonDepth - 4)))).not.toThrow();
  expect(() => decode("request.submitted", toolCall(lists(maxJsonDepth - 3)))).toThrow(
    expect.objectContaining({ code: "INVALID_REQUEST", message: expect.stringContaining(`more than ${maxJsonDepth} levels`) }),
  );
});

test("brackets in texts are no levels", () => {
  const text = JSON.stringify({ query: "q", documents: [{ text: lists(5000) }] });
  expect(decode("request.submitted", text).request.documents[0]?.text.length).toBe(10_000);
});

test("a message between stages may wrap what a request or a tool may nest, and no more", () => {
  const { request } = decode("request.submitted", '{"query":"q"}');
  const message = (nested: string) =>
    `{"requestId":"${requestId}","lane":"interactive","submittedAt":1,"deadlineAt":2,"request":${JSON.stringify(request)},` +
    `"toolResults":[{"id":"1","name":"x","status":"succeeded","data":${nested},"bytes":1,"elapsedMs":1}]}`;
  expect(() => decode("tools.completed", message(lists(maxJsonDepth)))).not.toThrow();
  expect(() => decode("tools.completed", message(lists(20_000)))).toThrow(
    expect.objectContaining({ code: "INVALID_MESSAGE", message: expect.stringContaining("levels") }),
  );
});

test("a model's tool arguments are bounded as well", () => {
  expect(parseToolArguments(objects(maxJsonDepth))).toHaveProperty("a");
  expect(() => parseToolArguments(objects(maxJsonDepth + 1))).toThrow(
    expect.objectContaining({ code: "PROVIDER_INVALID_RESPONSE", message: expect.stringContaining("levels") }),
  );
});

test("an integer of any length keeps its digits in the arguments of a tool, and halves of characters become U+FFFD", () => {
  const source = String.raw`{"query":"a\ud83d","tools":[{"name":"x","arguments":{"id":2512292042121000001}}],"documents":[{"title":"\udc00","text":"ok"}]}`;
  const { request } = decode("request.submitted", source);
  expect(JSON.stringify(request.tools[0]?.arguments)).toBe('{"id":2512292042121000001}');
  expect([request.query, request.documents[0]?.title]).toEqual(["a\ufffd", "\ufffd"]);
});
