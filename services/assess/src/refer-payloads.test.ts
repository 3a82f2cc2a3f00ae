// Requests without a loss: binary data go to the tenant's archive, with references in their place, where the request says so.
import { createHash } from "node:crypto";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type ContextOptimized, contextOptimizedSchema, toolsCompletedSchema } from "@nocp/contracts/messages.ts";
import type { NativeRequest } from "@nocp/contracts/native-request.ts";
import type { PayloadMode } from "@nocp/contracts/payload-mode.ts";
import { type NocpRequestInput, requestSchema } from "@nocp/contracts/request.ts";
import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import type { ArchiveStore } from "@nocp/runtime/stores/archive/archive-store.ts";
import { type ArchiveBundle, originalsOf, textOfOriginal } from "@nocp/runtime/stores/archive/bundle.ts";
import { createTestContext } from "@nocp/runtime/testing/handler-context.ts";
import { restoreText } from "@nocp/text/lossless/lossless.ts";
import { describe, expect, test } from "vitest";
import { createCompressor } from "./compress.ts";
import { createContextMarks } from "./context-mark.ts";
import { createHandler } from "./handle.ts";
import { loadStrategies } from "./load-strategies.ts";
import { workHere } from "./workers/context-work.ts";

const counterFor = () => createTokenCounter("gpt-4o");
const compressor = createCompressor({ strategies: await loadStrategies(), counterFor });

/** Bytes that follow no rule, the same each time. */
const image = (seed: number): string =>
  Buffer.concat(Array.from({ length: 12 }, (_, at) => createHash("sha512").update(`${seed} ${at}`).digest())).toString("base64");

interface Assessed extends ContextOptimized {
  readonly stored: readonly ArchiveBundle[];
}

async function assess(
  request: NocpRequestInput,
  { usual, put, data }: { usual?: PayloadMode; put?: ArchiveStore["put"]; data?: unknown } = {},
): Promise<Assessed> {
  const stored: ArchiveBundle[] = [];
  const handle = createHandler({
    ...{ work: workHere(compressor), counterFor, defaultModel: "gpt-4o", lastMessages: 4, expectedTurns: 1, prefixCacheMs: 0 },
    archive: { put: put ?? (async (bundle) => void stored.push(bundle)) },
    contextMarkFor: createContextMarks("secret"),
    ...(usual === undefined ? {} : { payloads: usual }),
  });
  const context = createTestContext({ stage: "assess" });
  const { requestId, lane, submittedAt, deadlineAt } = context;
  const result = { id: "call-1", name: "files.read", status: "succeeded", data, bytes: 1, elapsedMs: 1 };
  const body = toolsCompletedSchema.parse({
    ...{ requestId, lane, submittedAt, deadlineAt },
    request: requestSchema.parse(request),
    toolResults: data === undefined ? [] : [result],
  });
  const [emission] = await handle({ fact: "tools.completed", body }, context);
  return { ...contextOptimizedSchema.parse(emission?.body), stored };
}

const payloadsOf = (stored: readonly ArchiveBundle[]): Map<string, string> =>
  new Map(stored.map((bundle) => [bundle.reference, textOfOriginal(originalsOf(bundle)[0]!)]));
const lossless = { mode: "lossless" } as const;
const referring = { mode: "lossless", payloads: "reference" } as const;

const pageOf = (seed: number): string =>
  JSON.stringify({ title: "The harbour", picture: `data:image/png;base64,${image(seed)}`, note: "Opened in 1912." });
const conversation = (...pages: readonly string[]) =>
  pages.flatMap((text, at) => [
    { role: "user" as const, text: `Read page ${at}.` },
    { role: "assistant" as const, text: "", toolRequests: [{ id: `c${at}`, name: "page", arguments: {} }] },
    { role: "tool" as const, text, toolRequestId: `c${at}`, name: "page" },
  ]);
const unframed = (compression: NocpRequestInput["compression"], ...pages: readonly string[]): NocpRequestInput => ({
  messages: conversation(...pages),
  framing: "none",
  compression,
});

describe("a request that wants references", () => {
  test("with its own messages gets them in tools' results, and what they stand for is in its tenant's archive", async () => {
    const { prompt, stored, archived, strategies, inputTokens } = await assess({
      ...unframed(referring, pageOf(1)),
      tenant: "acme",
    });
    const [bundle] = stored;
    expect(bundle?.scope).toEqual({ tenant: "acme", kind: "tenant", id: "acme" });
    expect(payloadsOf(stored).get(bundle?.reference ?? "")).toBe(image(1));
    expect(archived).toMatchObject([{ ref: `${bundle?.reference}.1`, bytes: image(1).length }]);
    const text = prompt.history[2]?.text ?? "";
    expect(text).toContain(`"picture":"data:image/png;base64,[payload ${bundle?.reference}, ${image(1).length} characters]"`);
    expect(restoreText(text, payloadsOf(stored))).toBe(pageOf(1));
    expect(strategies.map(({ strategy, itemIds }) => [strategy, itemIds])).toEqual([["payload-references", ["message-3"]]]);
    const [{ before, after } = { before: 0, after: 0 }] = strategies;
    expect(inputTokens.raw - inputTokens.optimized).toBe(before - after);
  });

  test("with documents and tools of NOCP gets them, too, and the saving without them is reported apart", async () => {
    const rows = Array.from({ length: 40 }, (_, at) => ({ id: at, state: "open", place: "harbour" }));
    const { prompt, stored, strategies } = await assess(
      { query: "What is open?", documents: [{ id: "d", title: "Page", text: pageOf(1) }], compression: referring },
      { data: { rows, image: image(1), other: image(2) } },
    );
    expect([...payloadsOf(stored).values()]).toEqual([image(1), image(2)]);
    expect(strategies.map(({ strategy, itemIds }) => [strategy, itemIds])).toEqual([
      ["lossless", ["call-1"]],
      ["payload-references", ["d", "call-1"]],
    ]);
    const [own, payloads] = strategies;
    expect(own?.after).toBeLessThan(own?.before ?? 0);
    expect(payloads?.justification).toMatch(/^2 payloads of 2048 bytes in the archive, .* tokens instead of /);
    expect(prompt.context).toContain("[payload ");
    expect(prompt.context).not.toContain(image(1).slice(0, 80));
  });

  test("reads the same again when the conversation goes on", async () => {
    const first = await assess(unframed(referring, pageOf(1)));
    const second = await assess(unframed(referring, pageOf(1), pageOf(2)));
    expect(second.prompt.history[2]).toEqual(first.prompt.history[2]);
    expect(second.stored).toHaveLength(2);
  });

  test("keeps its data where the archive cannot be written, with a warning", async () => {
    const put = async () => {
      throw new NocpError("ARCHIVE_UNAVAILABLE", "the disk is full");
    };
    const { prompt, warnings, archived } = await assess(unframed(referring, pageOf(1)), { put });
    expect(prompt.history[2]?.text).toContain(image(1));
    expect(warnings).toMatchObject([{ code: "ARCHIVE_UNAVAILABLE" }]);
    expect(archived).toEqual([]);
    const framed = await assess({ query: "?", compression: referring }, { put, data: image(1) });
    expect(framed.prompt.context).toContain(image(1));
    expect(framed.warnings).toMatchObject([{ code: "ARCHIVE_UNAVAILABLE" }]);
  });

  test("has images and files of the vendor's own request as they came", async () => {
    const native: NativeRequest = {
      api: "anthropic-messages",
      whole: true,
      untranslated: [],
      body: {
        model: "m",
        messages: [
          { role: "user", content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: image(3) } }] },
          { role: "assistant", content: [{ type: "tool_use", id: "c0", name: "page", input: {} }] },
          {
            role: "user",
            content: [
              {
                type: "tool_result",
                tool_use_id: "c0",
                content: [
                  { type: "text", text: pageOf(1) },
                  { type: "image", source: { type: "base64", media_type: "image/png", data: image(4) } },
                ],
              },
            ],
          },
        ],
      },
    };
    const { request, stored } = await assess({ ...unframed(referring, pageOf(1)), native });
    const sent = JSON.stringify(request.native?.body);
    expect(sent).toContain(image(3));
    expect(sent).toContain(image(4));
    expect(sent).not.toContain(image(1));
    expect([...payloadsOf(stored).values()]).toEqual([image(1)]);
  });
});

test("a deployment may want them for all requests, and a request may decline", async () => {
  const byDefault = await assess(unframed(lossless, pageOf(1)), { usual: "reference" });
  expect(byDefault.stored).toHaveLength(1);
  const declining = await assess(unframed({ mode: "lossless", payloads: "inline" }, pageOf(1)), { usual: "reference" });
  expect(declining.stored).toEqual([]);
});

test.each([
  ["by itself", lossless],
  ["in mode off", { mode: "off", payloads: "reference" }],
] as const)("nothing refers to an archive %s", async (_, compression) => {
  const { prompt, stored } = await assess(unframed(compression, pageOf(1)));
  expect(prompt.history[2]?.text).toContain(image(1));
  expect(stored).toEqual([]);
});

test("what a model fetched back is not replaced again", async () => {
  const items = [{ kind: "tool" as const, id: "t", name: "context.retrieve", data: { text: image(1) } }];
  const { payloads, text } = await compressor.compress({ query: "?", items, mode: "lossless", payloadTenant: "acme" });
  expect(payloads).toEqual([]);
  expect(text).toContain(image(1));
});
