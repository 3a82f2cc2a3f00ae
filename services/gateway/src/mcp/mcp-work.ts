// What NOCP's MCP server does for its callers, on the queue, the archive and the compressor of a deployment.
import type { RequestQueue } from "@nocp/client/request-queue.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { allowsModel, type GatewayKey } from "@nocp/contracts/gateway-key.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import type { ArchiveStore } from "@nocp/runtime/stores/archive/archive-store.ts";
import { originalsOf, textOfOriginal } from "@nocp/runtime/stores/archive/bundle.ts";
import { parseReference } from "@nocp/runtime/stores/archive/reference.ts";
import type { Context } from "@opentelemetry/api";
import type { Compression } from "../compress/compress-messages.ts";

export interface McpWorkDependencies {
  readonly queue: RequestQueue;
  readonly archive: Pick<ArchiveStore, "put" | "get">;
  /** Opened when there is something to compress: it loads vocabularies. */
  readonly compression: () => Promise<Compression>;
  /** Totals of a tenant's last requests. @throws NocpError where the transactions cannot be read from here. */
  readonly usage: (tenant: string, last: number) => Promise<UsageTotals>;
  readonly access: Pick<GatewayKey, "tenant" | "models">;
  /** Whose tokens count where a call names no model. */
  readonly defaultModel: string;
}

export interface UsageTotals {
  readonly requests: number;
  readonly failed: number;
  readonly inputTokens: { readonly before: number; readonly after: number };
  readonly outputTokens: number;
  /** `null` where a price is not known. */
  readonly costUsd: number | null;
}

export interface CompressCall {
  readonly texts: readonly { readonly title?: string | undefined; readonly text: string }[];
  readonly question: string;
  readonly mode: "auto" | "lossless";
  readonly targetRatio?: number | undefined;
  readonly maxTokens?: number | undefined;
}

export interface AskCall {
  readonly question: string;
  readonly documents: readonly { readonly title?: string | undefined; readonly text: string }[];
  /** `provider/model`, or a model's name; the deployment's choice when absent. */
  readonly model?: string | undefined;
  readonly timeoutMs: number;
}

export interface McpWork {
  compress(call: CompressCall, signal: AbortSignal): Promise<CompressedTexts>;
  retrieve(reference: string): Promise<RetrievedText[]>;
  ask(call: AskCall, signal: AbortSignal, parent: Context): Promise<NocpResult>;
  usage(last: number): Promise<UsageTotals>;
}

export interface CompressedTexts {
  readonly text: string;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  /** Fetches what was removed; absent when nothing was. */
  readonly reference?: string;
}

export interface RetrievedText {
  readonly reference: string;
  readonly title: string;
  readonly text: string;
}

export function createMcpWork(dependencies: McpWorkDependencies): McpWork {
  const { queue, archive, access, usage, defaultModel } = dependencies;
  const { tenant } = access;
  return {
    async compress({ texts, question, mode, targetRatio, maxTokens }, signal) {
      const compression = await dependencies.compression();
      const items = texts.map(({ title = "", text }, at) => ({ kind: "document" as const, id: `text-${at + 1}`, title, text }));
      const archiveScope = { tenant, kind: "request" as const, id: createRequestId() };
      const wanted = { query: question, items, mode, model: defaultModel, targetRatio, maxTokens, archiveScope, signal };
      const { pieces, bundle } = await compression.compress(wanted);
      if (bundle) await archive.put(bundle);
      const text = pieces.map((piece) => piece.text).join("\n\n");
      const count = (counted: readonly string[]) => compression.countTexts(counted, defaultModel, signal);
      return {
        text,
        tokensBefore: await count(texts.map((given) => given.text)),
        tokensAfter: await count([text]),
        ...(bundle ? { reference: bundle.reference } : {}),
      };
    },
    async retrieve(reference) {
      const { bundle, position } = parseReference(reference);
      const originals = originalsOf(await archive.get(bundle, { tenant }));
      const wanted = position === undefined ? originals : originals.slice(position, position + 1);
      if (wanted.length === 0) throw new NocpError("ARCHIVE_MISSING", `${bundle} has no original ${reference}`);
      return wanted.map((original) => ({
        reference: original.reference,
        title: original.title,
        text: textOfOriginal(original),
      }));
    },
    async ask(call, signal, parent) {
      const request = requestOf(call, access);
      const ref = { tenant, requestId: request.requestId };
      await queue.submit(request, parent);
      const result = await queue.wait(ref, call.timeoutMs, signal);
      if (result) return result;
      // Nobody waits for it any more: the model stops writing, and billing.
      return queue.cancel(ref);
    },
    usage: (last) => usage(tenant, last),
  };
}

function requestOf({ question, documents, model, timeoutMs }: AskCall, { tenant, models }: McpWorkDependencies["access"]) {
  if (!allowsModel({ models: [...models] }, model ?? "nocp/auto")) {
    throw new NocpError("INVALID_REQUEST", `the key does not allow ${model ?? "the deployment's own choice of a model"}`);
  }
  const slash = model?.indexOf("/") ?? -1;
  const routing =
    model === undefined ? {} : slash < 0 ? { model } : { provider: model.slice(0, slash), model: model.slice(slash + 1) };
  return {
    requestId: createRequestId(),
    tenant,
    query: question,
    documents: documents.map(({ title = "", text }) => ({ title, text })),
    routing,
    limits: { timeoutMs },
  } satisfies NocpRequestInput;
}
