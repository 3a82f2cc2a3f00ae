// Calls of tools whose pieces a server mixes, as it may: each event says which item it belongs to.
import type { ToolCallPiece } from "@nocp/contracts/delta.ts";
import { expect, test } from "vitest";
import { promptAsWritten } from "../../prompts/wire-prompt.ts";
import { noProgress } from "../../reported-usage.ts";
import { readResponsesStream } from "./responses-stream.ts";

const call = (at: number, text: string) => ({
  type: "function_call",
  id: `fc_${at}`,
  call_id: `c${at}`,
  name: "f",
  arguments: text,
});
const patch = (at: number, text: string) => ({
  type: "custom_tool_call",
  id: `p_${at}`,
  call_id: `c${at}`,
  name: "g",
  input: text,
});

test("arguments that end at the limit of output tokens are said to", async () => {
  async function* stream() {
    const response = { id: "r", model: "m", status: "incomplete", output: [call(0, '{"a":')] };
    yield { type: "response.incomplete", response: { ...response, incomplete_details: { reason: "max_output_tokens" } } };
  }
  const { names } = promptAsWritten({ messages: [], tools: [] });
  const reading = readResponsesStream(stream(), names, { model: "m", progress: noProgress() });
  await expect(reading).rejects.toThrow("limit of output tokens within the arguments");
});

async function argumentsOf(events: readonly object[], output: readonly object[]): Promise<string[]> {
  const pieces: ToolCallPiece[] = [];
  const reader = { model: "m", progress: noProgress(), onToolCall: (piece: ToolCallPiece) => void pieces.push(piece) };
  async function* stream() {
    yield* events;
    yield { type: "response.completed", response: { id: "r", model: "m", status: "completed", output } };
  }
  await readResponsesStream(stream(), promptAsWritten({ messages: [], tools: [] }).names, reader);
  return output.map((_, at) => {
    const own = pieces.filter((piece) => piece.call === at);
    expect(own.map(({ done }) => done === true)).toEqual(own.map((_, place) => place === own.length - 1));
    return own.map(({ text }) => text).join("");
  });
}

const added = (output_index: number, item: object) => ({ type: "response.output_item.added", output_index, item });
const done = (output_index: number, item: object) => ({ type: "response.output_item.done", output_index, item });
const delta = (output_index: number, kind: string, text: string) => ({
  type: `response.${kind}.delta`,
  output_index,
  delta: text,
});

test("a call whose arguments come at its end stands beside one whose come in pieces", async () => {
  const events = [
    ...[added(0, call(0, "")), added(1, call(1, ""))],
    ...[delta(0, "function_call_arguments", '{"a":1}'), done(0, call(0, '{"a":1}')), done(1, call(1, '{"b":2}'))],
  ];
  expect(await argumentsOf(events, [call(0, '{"a":1}'), call(1, '{"b":2}')])).toEqual(['{"a":1}', '{"b":2}']);
});

test("free texts are told apart", async () => {
  const kind = "custom_tool_call_input";
  const events = [
    ...[added(0, patch(0, "")), added(1, patch(1, "")), delta(0, kind, "on"), delta(1, kind, "t"), delta(0, kind, "e")],
    ...[delta(1, kind, "wo"), done(1, patch(1, "two")), done(0, patch(0, "one"))],
  ];
  expect(await argumentsOf(events, [patch(0, "one"), patch(1, "two")])).toEqual(['{"input":"one"}', '{"input":"two"}']);
});
