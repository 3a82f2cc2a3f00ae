// From completed tools to a prompt: what is compressed, what stays, what is counted.

import type { ProviderAttempt } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import {
  type ContextOptimized,
  contextOptimizedSchema,
  type ToolsCompleted,
  toolsCompletedSchema,
} from "@nocp/contracts/messages.ts";
import { type NocpRequestInput, requestSchema } from "@nocp/contracts/request.ts";
import { countPrompt } from "@nocp/models/tokens/count-chat.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import type { ArchiveStore } from "@nocp/runtime/stores/archive/archive-store.ts";
import { type ArchiveBundle, originalsOf, textOfOriginal } from "@nocp/runtime/stores/archive/bundle.ts";
import { createTestContext } from "@nocp/runtime/testing/handler-context.ts";
import { describe, expect, test } from "vitest";
import { createCompressor } from "./compress.ts";
import type { CompressionStrategy } from "./compression-strategy.ts";
import { createContextMarks } from "./context-mark.ts";
import { createHandler } from "./handle.ts";
import { loadStrategies } from "./load-strategies.ts";
import type { TargetOf } from "./target-model.ts";
import { workHere } from "./workers/context-work.ts";

const counter = createTokenCounter("gpt-4o");
const installed = await loadStrategies();

async function assess(
  request: NocpRequestInput,
  rest: Partial<ToolsCompleted> = {},
  strategies: readonly CompressionStrategy[] = installed,
  archive: Pick<ArchiveStore, "put"> = { put: async () => {} },
  targetOf?: TargetOf,
): Promise<ContextOptimized> {
  const counterFor = () => counter;
  const handle = createHandler({
    work: workHere(createCompressor({ strategies, counterFor })),
    counterFor,
    defaultModel: "gpt-4o",
    lastMessages: 4,
    expectedTurns: 3,
    prefixCacheMs: 300_000,
    archive,
    ...(targetOf ? { targetOf } : {}),
    contextMarkFor: createContextMarks("secret"),
  });
  const context = createTestContext({ stage: "assess" });
  const { requestId, lane, submittedAt, deadlineAt } = context;
  const body = toolsCompletedSchema.parse({
    requestId,
    lane,
    submittedAt,
    deadlineAt,
    request: requestSchema.parse(request),
    ...rest,
  });
  const [emission, ...others] = await handle({ fact: "tools.completed", body }, context);
  expect(others).toEqual([]);
  expect(emission?.fact).toBe("context.optimized");
  return contextOptimizedSchema.parse(emission?.body);
}

const report = (topic: string): string =>
  Array.from({ length: 80 }, (_, at) => `Section ${at} of the report on ${topic} concerns budget line ${at * 11}.`).join(" ");
const toolResult = (name: string, data: unknown) =>
  ({
    id: name,
    name,
    status: "succeeded",
    data,
    bytes: 10,
    elapsedMs: 1,
    attempts: 1,
    cached: false,
  }) as ToolsCompleted["toolResults"][number];

describe("a request", () => {
  test("of a hundred tokens goes on with its raw context, counted once", async () => {
    const { prompt, inputTokens, strategies, counting } = await assess({
      query: "How high is it?",
      documents: [{ title: "Tower", text: "It is 330 m high." }],
    });
    expect(prompt.context).toBe("Tower\nIt is 330 m high.");
    expect(prompt.query).toBe("How high is it?");
    expect(inputTokens.raw).toBe(inputTokens.optimized);
    expect(counting).toEqual({ model: "gpt-4o", shape: "plain", factor: 1 });
    expect(inputTokens.raw).toBe(countPrompt(counter, prompt));
    expect(strategies).toEqual([]);
  });

  test("with large documents is cut, and both counts are those of the prompts", async () => {
    const documents = ["bridges", "tunnels", "harbours"].map((topic) => ({ title: topic, text: report(topic) }));
    const query = "What does section 41 of the report on tunnels concern?";
    const compressed = await assess({ query, documents });
    const raw = await assess({ query, documents, compression: { mode: "off" } });
    expect(raw.inputTokens.optimized).toBe(raw.inputTokens.raw);
    expect(compressed.inputTokens.raw).toBe(raw.inputTokens.raw);
    expect(compressed.inputTokens.optimized).toBe(countPrompt(counter, compressed.prompt));
    expect(compressed.inputTokens.optimized).toBeLessThan(0.5 * compressed.inputTokens.raw);
    expect(compressed.prompt.context).toContain("Section 41 of the report on tunnels concerns budget line 451.");
    expect(compressed.prompt.system).toBe(raw.prompt.system);
    expect(compressed.strategies[0]).toMatchObject({
      strategy: "sentence-selection",
      justification: expect.stringMatching(/\d/),
    });
  });

  test("goes on without its documents unless the model may ask for tools", async () => {
    const request = { query: "?", documents: [{ text: "a document" }] };
    const offeredTools = [{ name: "file.read", description: "Reads a file.", parameters: {} }];
    const plain = await assess(request);
    expect(plain.request.documents).toEqual([]);
    expect(plain.source).toBeUndefined();
    const offered = await assess(request, { offeredTools });
    expect(offered.request.documents).toHaveLength(1);
    expect(offered.source).toEqual({ toolResults: [], toolRounds: [], offeredTools });
    expect(offered.prompt.tools).toEqual(offeredTools);
  });

  test("that names an unknown strategy is refused", async () => {
    await expect(
      assess({ query: "?", documents: [{ text: "text" }], compression: { strategies: ["zip"] } }),
    ).rejects.toMatchObject({
      code: "UNKNOWN_STRATEGY",
    });
  });
});

describe("tools", () => {
  test("are counted as they came and as they are sent, and go on as they came for further rounds", async () => {
    const parameters = { type: "object", properties: { zone: { type: "string", title: "Zone", default: null } } };
    const clock = { name: "clock", description: "  The time.  ", parameters };
    const compression = { toolDefinitions: "compact" } as const;
    const sent = await assess(
      { query: "?", callerTools: [clock], compression },
      { offeredTools: [{ ...clock, name: "sundial" }] },
    );
    const compact = {
      ...clock,
      description: "The time.",
      parameters: { type: "object", properties: { zone: { type: "string" } } },
    };
    expect(sent.prompt.tools).toEqual([{ ...compact, name: "sundial" }, compact]);
    expect([sent.source?.offeredTools[0]?.parameters, sent.request.callerTools]).toEqual([parameters, [clock]]);
    const unframed = await assess({
      messages: [{ role: "user", text: "?" }],
      callerTools: [clock],
      framing: "none",
      compression,
    });
    expect(unframed.prompt.tools).toEqual([compact]);
    for (const { inputTokens, strategies, prompt } of [sent, unframed]) {
      expect(inputTokens.optimized).toBe(countPrompt(counter, prompt));
      expect(inputTokens.raw - inputTokens.optimized).toBe(strategies[0]!.before - strategies[0]!.after);
    }
  });

  test("that failed are named with their reason, and their summary goes on without data", async () => {
    const failed: ToolsCompleted["toolResults"][number] = {
      ...toolResult("orders.search", undefined),
      status: "failed",
      error: { code: "TOOL_TIMEOUT", message: "no answer in 2000 ms" },
    };
    const { prompt, toolSummaries } = await assess(
      { query: "?" },
      { toolResults: [toolResult("clock", { time: "10:00" }), failed] },
    );
    expect(prompt.context).toContain('clock: {"time":"10:00"}');
    expect(prompt.context).toContain("orders.search: failed: TOOL_TIMEOUT: no answer in 2000 ms");
    expect(toolSummaries.map(({ name, status }) => [name, status])).toEqual([
      ["clock", "succeeded"],
      ["orders.search", "failed"],
    ]);
    expect(JSON.stringify(toolSummaries)).not.toContain("10:00");
  });

  test("that the model asked for are answered in the order of its calls", async () => {
    const { prompt } = await assess(
      { query: "?" },
      {
        toolRounds: [
          {
            text: "Let me look.",
            requests: [{ id: "call-1", name: "clock", arguments: {} }],
            results: [{ ...toolResult("clock", "10:00"), id: "call-1" }],
          },
        ],
      },
    );
    expect(prompt.toolRounds).toEqual([
      { role: "assistant", text: "Let me look.", toolRequests: [{ id: "call-1", name: "clock", arguments: {} }] },
      { role: "tool", toolRequestId: "call-1", text: 'clock: "10:00"' },
    ]);
  });
});

describe("a conversation", () => {
  const turns = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      role: at % 2 === 0 ? ("user" as const) : ("assistant" as const),
      text:
        at === 4
          ? "My booking code is QX-7731 and I sit in row 12."
          : `Turn ${at} is small talk about the weather and the garden, again.`,
    }));

  test("that is short goes on verbatim, its last question apart", async () => {
    const messages = [
      { role: "system" as const, text: "Be brief." },
      ...turns(6),
      { role: "user" as const, text: "What is my code?" },
    ];
    const { prompt } = await assess({ messages });
    expect(prompt.query).toBe("What is my code?");
    expect(prompt.history.map(({ text }) => text)).toEqual(turns(6).map(({ text }) => text));
    expect(prompt.system).toMatch(/\n\nBe brief\.$/);
    expect(prompt.context).toBe("");
  });

  test("that is long keeps its last messages verbatim and old facts in the context", async () => {
    const { prompt, inputTokens } = await assess({
      query: "What is my booking code?",
      messages: turns(201),
      compression: { targetRatio: 0.5 },
    });
    expect(prompt.history.map(({ text }) => text)).toEqual(
      turns(201)
        .slice(-4)
        .map(({ text }) => text),
    );
    expect(prompt.context).toMatch(/^Earlier in the conversation, shortened:\n/);
    expect(prompt.context).toContain("QX-7731");
    expect(inputTokens.optimized).toBeLessThan(0.7 * inputTokens.raw);
  });

  test("that the vendor has cached is not rewritten unless that pays, and the reason is told in numbers", async () => {
    const { prompt, strategies } = await assess({ query: "What is my booking code?", messages: turns(201) });
    expect(prompt.history.map(({ text }) => text)).toEqual(turns(201).map(({ text }) => text));
    expect(strategies).toMatchObject([
      { strategy: "none", justification: expect.stringMatching(/does not pay: .* cached.*; lost cache [\d,]+ tokens; .*net -/) },
    ]);
  });

  test("that was sent longer ago than vendors keep their cache is cut", async () => {
    const messages = turns(201).map((turn) => ({ ...turn, at: "2020-01-01T10:00:00Z" }));
    const { prompt, strategies } = await assess({ query: "What is my booking code?", messages });
    expect(prompt.context).toContain("QX-7731");
    expect(strategies).toMatchObject([{ strategy: "conversation-selection", worth: { lostCache: 0 } }]);
  });
});

test("a strategy that fails degrades the request to its raw context, with a warning", async () => {
  const broken: CompressionStrategy = {
    name: "broken",
    description: "Fails.",
    loss: "lossy",
    takes: () => true,
    estimate: () => ({ tokens: 0, expectedRecall: 1 }),
    compress: () => {
      throw new Error("out of luck");
    },
  };
  const text = report("bridges");
  const { prompt, warnings, inputTokens } = await assess({ query: "?", documents: [{ text }] }, {}, [broken]);
  expect(prompt.context).toBe(text);
  expect(warnings).toEqual([{ code: "COMPRESSION_FAILED", message: expect.stringContaining("out of luck") }]);
  expect(inputTokens.optimized).toBe(inputTokens.raw);
});

describe("a window that is smaller than the context", () => {
  const target =
    (promptTokens: number): TargetOf =>
    () => ({
      ...{ model: "gpt-4o", provider: undefined, pricing: undefined, promptTokens },
    });
  const documents = ["bridges", "tunnels"].map((topic) => ({ title: topic, text: report(topic) }));
  const request: NocpRequestInput = { query: "What does section 41 of the report on tunnels concern?", documents };
  const within = (promptTokens: number, more: Partial<NocpRequestInput> = {}) =>
    assess({ ...request, ...more }, {}, installed, undefined, target(promptTokens));

  test("is what the prompt is made to fit, and one that is larger changes nothing", async () => {
    const usual = await within(Number.POSITIVE_INFINITY);
    const small = Math.floor(usual.inputTokens.optimized / 2);
    expect((await within(small)).inputTokens.optimized).toBeLessThanOrEqual(small);
    expect((await within(usual.inputTokens.raw)).inputTokens).toEqual(usual.inputTokens);
  });

  test("leaves a smaller size that the request asks for as it is, and a context that must not be touched", async () => {
    const asked = await within(2_000, { compression: { maxTokens: 300 } });
    expect(asked.inputTokens.optimized).toBeLessThan(600);
    const off = await within(300, { compression: { mode: "off" } });
    expect(off.inputTokens.optimized).toBe(off.inputTokens.raw);
  });
});

describe("what is removed", () => {
  const documents = ["bridges", "tunnels"].map((topic) => ({ title: topic, text: report(topic) }));
  const request: NocpRequestInput = { query: "What does section 41 of the report on tunnels concern?", documents };

  test.each([
    ["an archive that is away: the request goes on with its raw context", "ARCHIVE_UNAVAILABLE"],
    ["an error that ends the attempt", "CANCELLED"],
  ] as const)("leaves what a helping model was paid on the bill after %s", async (_what, code) => {
    const recorded: ProviderAttempt[] = [];
    const context = createTestContext({ stage: "assess", recordCall: (call) => void recorded.push(call) });
    const distiller = { model: "small", complete: async () => ({ text: "Budget line 11.", inputTokens: 900, outputTokens: 5 }) };
    const handle = createHandler({
      work: workHere(
        createCompressor({
          strategies: installed,
          counterFor: () => counter,
          services: { distiller },
          priceOfCall: () => 0.002,
        }),
      ),
      counterFor: () => counter,
      defaultModel: "gpt-4o",
      lastMessages: 4,
      expectedTurns: 3,
      prefixCacheMs: 300_000,
      archive: {
        put: async () => {
          throw new NocpError(code, "gone");
        },
      },
      contextMarkFor: createContextMarks("secret"),
    });
    const { requestId, lane, submittedAt, deadlineAt } = context;
    const compression = { targetRatio: 0.2, strategies: ["distillation"] };
    const request = requestSchema.parse({
      query: "Which budget line?",
      documents: [{ title: "R", text: report("roads") }],
      compression,
    });
    const body = toolsCompletedSchema.parse({ requestId, lane, submittedAt, deadlineAt, request });
    const emitted = handle({ fact: "tools.completed", body }, context);
    const paid = [{ provider: "distiller", model: "small", costUsd: 0.002, purpose: "compression" }];
    if (code === "ARCHIVE_UNAVAILABLE")
      expect((await emitted)[0]?.body).toMatchObject({ spent: { attempts: paid, costUsd: 0.002 } });
    else await expect(emitted).rejects.toMatchObject({ code });
    expect(recorded).toMatchObject(paid);
  });

  test("is written to the archive before the context goes on, and the context says where", async () => {
    const written: ArchiveBundle[] = [];
    const archive = { put: async (bundle: ArchiveBundle) => void written.push(bundle) };
    const { prompt, archived, requestId } = await assess({ ...request, tenant: "acme" }, {}, installed, archive);
    const [bundle, ...others] = written;
    expect(others).toEqual([]);
    expect(bundle?.scope).toEqual({ tenant: "acme", kind: "request", id: requestId });
    expect(prompt.context.endsWith(`\n\n[shortened: context.retrieve ${bundle?.reference}]`)).toBe(true);
    expect(bundle && originalsOf(bundle).map(textOfOriginal)).toEqual(documents.map(({ text }) => text));
    expect(archived.map(({ ref }) => ref)).toEqual([`${bundle?.reference}.1`, `${bundle?.reference}.2`]);
  });

  test("is listed item by item where the request asks for it", async () => {
    const { removed, archived } = await assess({ ...request, compression: { explain: true } });
    expect(removed?.map(({ ref }) => ref)).toEqual(archived.map(({ ref }) => ref));
    expect(removed?.[0]).toMatchObject({ strategy: "sentence-selection", why: expect.stringContaining("kept ") });
    expect((await assess(request)).removed).toBeUndefined();
    expect((await assess({ ...request, compression: { explain: true, mode: "off" } })).removed).toEqual([]);
  });

  test("belongs to the session where the request has one", async () => {
    const scopes: unknown[] = [];
    const archive = { put: async ({ scope }: ArchiveBundle) => void scopes.push(scope) };
    await assess({ ...request, session: { id: "s-1" } }, {}, installed, archive);
    expect(scopes).toEqual([{ tenant: "default", kind: "session", id: "s-1" }]);
  });

  test("stays in the context when the archive cannot be written", async () => {
    const archive = {
      put: async () => {
        throw new NocpError("ARCHIVE_UNAVAILABLE", "the archive does not answer");
      },
    };
    const { prompt, archived, warnings, inputTokens } = await assess(request, {}, installed, archive);
    expect(prompt.context).toBe(documents.map(({ title, text }) => `${title}\n${text}`).join("\n\n"));
    expect(archived).toEqual([]);
    expect(inputTokens.optimized).toBe(inputTokens.raw);
    expect(warnings).toEqual([{ code: "ARCHIVE_UNAVAILABLE", message: expect.stringContaining("context was not compressed") }]);
  });

  test("is not removed again once the model has fetched it back", async () => {
    const fetched = { ...toolResult("context.retrieve", { ref: "abcdefghij.1", text: report("tunnels") }), id: "call-1" };
    const round = { text: "", requests: [{ id: "call-1", name: "context.retrieve", arguments: {} }], results: [fetched] };
    for (const compression of [{}, { targetRatio: 0.1 }, { maxTokens: 3000 }]) {
      const { prompt } = await assess({ ...request, compression }, { toolRounds: [round] });
      expect(prompt.toolRounds[1]?.text).toBe(`context.retrieve: ${JSON.stringify(fetched.data)}`);
      expect(prompt.context).toContain("\n\n[shortened: context.retrieve ");
    }
    const { prompt } = await assess({ ...request, compression: { maxTokens: 400 } }, { toolRounds: [round] });
    expect(counter.count(`${prompt.context}\n${prompt.toolRounds[1]?.text}`)).toBeLessThanOrEqual(400);
  });
});
