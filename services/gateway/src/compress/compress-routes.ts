// POST /v1/compress, and GET /v1/retrieve for what it removed: what headroom's clients call, LiteLLM's guardrail among them.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { GatewayCompression } from "@nocp/contracts/gateway-key.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import type { ArchiveStore } from "@nocp/runtime/stores/archive/archive-store.ts";
import { type FetchedOriginal, originalsOf, textOfOriginal } from "@nocp/runtime/stores/archive/bundle.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import { identityHeaders } from "../answer-headers.ts";
import { readControls } from "../controls.ts";
import { refusal } from "../http-failure.ts";
import type { AddRoutes, RouteTools } from "../route-tools.ts";
import { referenceOfHash } from "./archive-hash.ts";
import { type CompressBody, parseCompressBody } from "./compress-body.ts";
import { type CompressedMessages, type Compression, compressMessages, messagesOf } from "./compress-messages.ts";
import type { CompressSessions } from "./compress-sessions.ts";

export interface CompressRouteDependencies {
  /** Called once, when there is something to compress: it loads vocabularies, and may start threads. */
  readonly compression: () => Promise<Compression>;
  readonly sessions: CompressSessions;
  readonly archive: Pick<ArchiveStore, "put" | "get">;
}

const bypassHeader = "x-headroom-bypass";

export const compressRoutes =
  ({ compression: open, ...rest }: CompressRouteDependencies): AddRoutes =>
  (app, tools) => {
    let opened: Promise<Compression> | undefined;
    const compression = () => {
      opened ??= open();
      return opened;
    };
    const dependencies = { ...rest, compression };
    tools.post("/v1/compress", (request, reply, signal) => compress(request, reply, signal, tools, dependencies));
    app.get("/v1/retrieve/:hash", (request, reply) => {
      const { hash } = request.params as { readonly hash: string };
      return retrieve(hash, request, reply, tools, dependencies);
    });
    app.post("/v1/retrieve", (request, reply) => {
      const { hash } = (request.body ?? {}) as { readonly hash?: unknown };
      return retrieve(String(hash ?? ""), request, reply, tools, dependencies);
    });
  };

async function compress(
  request: FastifyRequest,
  reply: FastifyReply,
  signal: AbortSignal,
  { accessOf }: RouteTools,
  { compression, sessions, archive }: CompressRouteDependencies,
): Promise<FastifyReply> {
  const body = parseCompressBody(request.body);
  const { tenant, compression: usual } = accessOf(request);
  const controls = readControls({ headers: request.headers, field: undefined, metadata: {} });
  const isBypassed = String(request.headers[bypassHeader] ?? "").toLowerCase() === "true";
  const mode = isBypassed ? "off" : modeOf(body, controls.compression ?? usual ?? "auto");
  const requestId = createRequestId();
  const messages = messagesOf(body);
  const session = body.config.session_id ?? undefined;
  const replayed = session === undefined ? [] : await sessions.replay(tenant, session, messages);
  const config = { ...body.config, target_ratio: body.config.target_ratio ?? controls.compression_ratio };
  const scope = { tenant, kind: "request", id: requestId } as const;
  const result = await compressMessages(
    { body: { ...body, config }, mode, scope, replayed, signal },
    { compression: await compression(), archive },
  );
  if (session !== undefined) await sessions.keep(tenant, session, messages, result.messages);
  return reply
    .headers({ ...identityHeaders(requestId, null), "x-nocp-tokens-saved": String(result.tokens_saved) })
    .type("application/json; charset=utf-8")
    .send(writeJson(answerOf(body, result, replayed.length)));
}

/** headroom's modes are all of them NOCP's `auto`. */
function modeOf({ config: { mode } }: CompressBody, usual: GatewayCompression): GatewayCompression {
  if (mode === undefined || mode === null) return usual;
  return mode === "off" || mode === "lossless" ? mode : "auto";
}

/** Items of Responses come back under their own name, too. */
const answerOf = ({ input, messages, config: { session_id: id } }: CompressBody, result: CompressedMessages, frozen: number) => ({
  ...result,
  ...(input !== undefined && messages === undefined ? { input: result.messages } : {}),
  ...(id ? { session: { id, frozen_message_count: frozen, cached_prefix_replayed: frozen > 0 } } : {}),
});

/** What a tool returned is archived as JSON; here it was sent as text. */
function sentText(original: FetchedOriginal): string {
  const text = textOfOriginal(original);
  const value: unknown = original.kind === "tool" ? JSON.parse(text) : text;
  return typeof value === "string" ? value : text;
}

/** An original that compression removed, to the tenant that sent it. */
async function retrieve(
  hash: string,
  request: FastifyRequest,
  reply: FastifyReply,
  { accessOf, refuse }: RouteTools,
  { archive }: CompressRouteDependencies,
) {
  const missing = () =>
    refuse(request, reply, refusal(404, "ARCHIVE_MISSING", `The archive has nothing under ${hash.slice(0, 64)}.`));
  const named = referenceOfHash(hash);
  if (named === undefined) return missing();
  try {
    const bundle = await archive.get(named.reference, { tenant: accessOf(request).tenant });
    const original = originalsOf(bundle)[named.position];
    if (original === undefined) return missing();
    return { hash: hash.toLowerCase(), original_content: sentText(original), tool_name: original.title || null };
  } catch (error) {
    const isMissing = error instanceof NocpError && (error.code === "ARCHIVE_MISSING" || error.code === "ARCHIVE_REFUSED");
    if (isMissing) return missing();
    throw error;
  }
}
