// Calls of tools whose pieces a server mixes, as it may: each event says which block it belongs to.
import type { ToolCallPiece } from "@nocp/contracts/delta.ts";
import { expect, test } from "vitest";
import { promptAsWritten } from "../../prompts/wire-prompt.ts";
import { noProgress } from "../../reported-usage.ts";
import { readMessagesStream } from "./messages-stream.ts";

const start = (index: number, input: object) => ({
  ...{ type: "content_block_start", index },
  content_block: { type: "tool_use", id: `t${index}`, name: "f", input },
});

test("a call whose arguments come with its beginning stands beside one whose come in pieces", async () => {
  const pieces: ToolCallPiece[] = [];
  async function* stream() {
    yield* [
      ...[start(0, {}), start(1, { b: 2 })],
      { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: '{"a":1}' } },
      ...[0, 1].map((index) => ({ type: "content_block_stop", index })),
      { type: "message_delta", delta: { stop_reason: "tool_use" } },
    ];
  }
  const reader = { progress: noProgress(), onToolCall: (piece: ToolCallPiece) => void pieces.push(piece) };
  const { names } = promptAsWritten({ messages: [], tools: [] });
  const { content } = await readMessagesStream(stream(), reader, names);
  expect(content).toMatchObject([{ input: '{"a":1}' }, { input: { b: 2 } }]);
  expect(
    [0, 1].map((call) =>
      pieces
        .filter((piece) => piece.call === call)
        .map(({ text }) => text)
        .join(""),
    ),
  ).toEqual(['{"a":1}', '{"b":2}']);
  expect(pieces.at(-1)).toMatchObject({ call: 1, done: true });
});
