// Golden cases: answers of thirteen servers as documented, whole and streamed, must be read to the token and priced to the
// cent. `./nocp test golden` prints the table.
import type { ServerResponse } from "node:http";
import type { ToolCallPiece } from "@nocp/contracts/delta.ts";
import { installProviders } from "@nocp/llm-router/installed-provider.ts";
import { wholeCall } from "@nocp/models/answers/answer-pieces.ts";
import { classifyProviderError } from "@nocp/models/failures/classify-provider-error.ts";
import { createLeanFetch } from "@nocp/models/http/lean-fetch.ts";
import { costOf } from "@nocp/models/prices/cost-of-usage.ts";
import type { ProviderCompletion } from "@nocp/models/provider.ts";
import { noProgress, usageOf } from "@nocp/models/reported-usage.ts";
import { vendors } from "@nocp/models/vendor-table.ts";
import { loadConfig } from "@nocp/runtime/config/load-config.ts";
import { calcPrice } from "@pydantic/genai-prices";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callOf, type LocalServer, localServer, promptOf } from "../fixtures/llm-router-fixtures.ts";
import type { ExpectedAnswer, ExpectedUsage, GoldenCase, GoldenServer, Recorded } from "../fixtures/vendors/golden-case.ts";
import { goldenServers } from "../fixtures/vendors/golden-servers.ts";

const at = Date.parse("2026-11-21T12:00:00Z");
const toolNames = ["sql.query", "weather.current", "note.write", "order.find", "clock.now"];
const tools = toolNames.map((name) => ({ name, description: "A tool.", parameters: { type: "object", properties: {} } }));

let server: LocalServer;
let recorded: Recorded;
beforeAll(async () => {
  server = await localServer((_request, response: ServerResponse) => {
    response.writeHead(recorded.status ?? 200, { "content-type": recorded.contentType });
    const bytes = Buffer.from(recorded.body);
    // In pieces that cut events, lines and characters.
    for (let from = 0; from < bytes.length; from += 97) response.write(bytes.subarray(from, from + 97));
    response.end();
  });
});
afterAll(() => server.close());

async function ask(golden: GoldenServer, asked: GoldenCase, answer: Recorded, streamed: boolean) {
  recorded = answer;
  const flags = golden.settings(server.url);
  const sections = vendors.map(({ section }) => section);
  const installed = installProviders(vendors, loadConfig(sections, { flags }), ({ connectMs }) =>
    createLeanFetch({ connectMs, useProxy: false }),
  ).find(({ name }) => name === golden.provider)!;
  const progress = noProgress();
  const pieces: string[] = [];
  const calls: ToolCallPiece[] = [];
  const provider = await installed.provider();
  const call = callOf(promptOf("What is the capital of France?", { tools }), {
    model: asked.model,
    progress,
    ...(streamed
      ? { isShown: true, onDelta: (piece: string) => pieces.push(piece), onToolCall: (piece: ToolCallPiece) => calls.push(piece) }
      : {}),
  });
  const outcome = await provider.complete(call, new AbortController().signal).catch((error: unknown) => ({ error }));
  return { outcome, progress, pieces, calls, pricing: installed.pricing };
}

const filledIn = (usage: ExpectedUsage | null) =>
  usage && { cacheReadTokens: 0, cacheWriteTokens: 0, cacheWriteOneHourTokens: 0, reasoningTokens: 0, ...usage };

/** The first in an answer is its own, unless it is of a tool call. */
const idIn = ({ body }: Recorded): string | undefined => /"(?:id|responseId)": ?"((?!call_)[^"]+)"/.exec(body)?.[1];

/** What the price table's own calculation says; `null` where it does not know the model. */
function referencePrice({ priceVendor }: GoldenServer, model: string, usage: ExpectedUsage): number | null {
  if (priceVendor === undefined) return null;
  const counts = {
    input_tokens: usage.inputTokens ?? 0,
    output_tokens: usage.outputTokens ?? 0,
    cache_read_tokens: usage.cacheReadTokens ?? 0,
    cache_write_tokens: usage.cacheWriteTokens ?? 0,
    ...(usage.cacheWriteOneHourTokens ? { cache_write_1h_tokens: usage.cacheWriteOneHourTokens } : {}),
  };
  return calcPrice(counts, model, { providerId: priceVendor, timestamp: new Date(at) })?.total_price ?? null;
}

/** Rows of the table: server → how many of its answers were read as they should be. */
const rows = new Map<string, { whole: number; streamed: number; priced: number }>();

function checkAnswer(asked: GoldenCase, expected: ExpectedAnswer, completion: ProviderCompletion): void {
  const { text, reasoning, finishReason, model, usage, toolRequests } = completion;
  expect({ text, reasoning, finishReason, model, usage }).toEqual({
    text: expected.text,
    reasoning: expected.reasoning,
    finishReason: expected.finishReason,
    model: expected.model ?? asked.model,
    usage: filledIn(expected.usage),
  });
  expect(toolRequests.map((request) => [request.name, JSON.stringify(request.arguments)])).toEqual(expected.calls ?? []);
  expect(new Set(toolRequests.map(({ id }) => id)).size).toBe(toolRequests.length);
}

function joinCalls(pieces: readonly ToolCallPiece[]): ToolCallPiece[] {
  const calls: ToolCallPiece[] = [];
  for (const piece of pieces) {
    // One after another, in their order.
    expect(piece.call).toBeGreaterThanOrEqual(calls.length - 1);
    calls[piece.call] = { ...piece, text: (calls[piece.call]?.text ?? "") + piece.text };
  }
  return calls;
}

describe.each(goldenServers.map((golden) => [golden.title, golden] as const))("%s", (title, golden) => {
  const row = { whole: 0, streamed: 0, priced: 0 };
  rows.set(title, row);
  const variants = golden.cases.flatMap((asked) => [
    ...(asked.whole ? [[asked.name, "whole", asked, asked.whole] as const] : []),
    ...(asked.stream ? [[asked.name, "streamed", asked, asked.stream] as const] : []),
  ]);

  test.each(variants)("%s (%s)", async (_name, kind, asked, answer) => {
    const { expected } = asked;
    const { outcome, progress, pieces, calls, pricing } = await ask(golden, asked, answer, kind === "streamed");
    if ("code" in expected) {
      const error = "error" in outcome ? outcome.error : expect.unreachable("it answered");
      const classified = classifyProviderError(error, { provider: golden.provider, model: asked.model }, at);
      expect(`${classified.code}: ${classified.message}`).toMatch(new RegExp(`^${expected.code}: `));
      row[kind]++;
      return;
    }
    if ("error" in outcome) throw outcome.error;
    checkAnswer(asked, expected, outcome);
    if (kind === "streamed") expect(joinCalls(calls)).toEqual(outcome.toolRequests.map(wholeCall));
    // What is known of a call that would fail after this is what is on the bill of one that did not.
    expect(progress.usage).toEqual(filledIn(expected.usage));
    expect(progress.answered).toBe(true);
    expect(progress.id).toBe(idIn(answer));
    if (kind === "streamed") expect(pieces.join("")).toBe(expected.text);
    row[kind]++;
    if (expected.usage?.inputTokens == null || expected.usage.outputTokens === null) return;
    const usage = usageOf(outcome.usage, () => expect.unreachable("the vendor said"));
    const cost = costOf(usage, pricing, asked.model, at);
    const reference = referencePrice(golden, asked.model, expected.usage);
    if (reference === null) expect(cost).toBeNull();
    else expect(Math.abs((cost ?? Number.NaN) - reference)).toBeLessThan(1e-9);
    row.priced += reference === null ? 0 : 1;
  });
});

test("there are at least 150 answers of ten servers, and each server names its source", () => {
  const answers = goldenServers.flatMap(({ cases }) => cases.flatMap(({ whole, stream }) => [whole, stream].filter(Boolean)));
  expect(answers.length).toBeGreaterThanOrEqual(150);
  expect(goldenServers.length).toBeGreaterThanOrEqual(10);
  for (const { source } of goldenServers) expect(source).toMatch(/\w+\.\w+\//);
});

afterAll(() => {
  const cells = [
    ["server", "whole", "streamed", "priced"],
    ...[...rows].map(([title, row]) => [title, ...[row.whole, row.streamed, row.priced].map(String)]),
  ];
  process.stdout.write(
    `\n${cells.map(([title = "", ...counts]) => title.padEnd(26) + counts.map((count) => count.padStart(9)).join("")).join("\n")}\n`,
  );
});
