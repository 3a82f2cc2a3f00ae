// The request that a client's call becomes.
import type { NativeRequest } from "@nocp/contracts/native-request.ts";
import type { NocpRequestInput, RouteCandidate } from "@nocp/contracts/request.ts";
import type { ServerCall } from "@nocp/models/server-api.ts";
import type { CompressionMode } from "./config.ts";
import { type Controls, withoutControls } from "./controls.ts";

/** The model that stands for the deployment's own choice. */
export const autoModel = "nocp/auto";

export interface RequestDefaults {
  readonly compression: CompressionMode;
  readonly timeoutMs: number;
}

export function composeRequest(call: ServerCall, controls: Controls, defaults: RequestDefaults): NocpRequestInput {
  const { temperature, maxOutputTokens, ...translated } = call.request;
  const mode = modeOf(controls, defaults);
  const metadata = withoutControls(call.metadata);
  return {
    ...translated,
    ...framingOf(call, mode),
    compression: { mode, ...(controls.compression_ratio === undefined ? {} : { targetRatio: controls.compression_ratio }) },
    routing: {
      ...routeOf(call.model, controls.route),
      ...(temperature === undefined ? {} : { temperature }),
      ...(controls.cache === undefined ? {} : { cache: controls.cache }),
    },
    limits: {
      timeoutMs: controls.timeout_ms ?? defaults.timeoutMs,
      ...(controls.max_cost_usd === undefined ? {} : { maxCostUsd: controls.max_cost_usd }),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens: Math.min(maxOutputTokens, 1_000_000) }),
    },
    ...(controls.request_id === undefined ? {} : { requestId: controls.request_id }),
    ...(controls.session === undefined ? {} : { session: { id: controls.session } }),
    lane: controls.lane ?? "interactive",
    stream: call.streams && !isHeld(call, controls),
    tags: controls.tags ?? [],
    metadata,
  };
}

/** A session's turns and a ratio belong to NOCP's own prompt. */
function modeOf({ compression, compression_ratio, session }: Controls, defaults: RequestDefaults): CompressionMode {
  if (compression !== undefined) return compression;
  return session !== undefined || compression_ratio !== undefined ? "auto" : defaults.compression;
}

/** Only NOCP's own prompt may remove something; in any other form the client's request goes on as it is. */
function framingOf(call: ServerCall, mode: CompressionMode): { framing?: "none"; native: NativeRequest } {
  if (mode === "auto") return { native: withOwnMetadata(call.nativeRest) };
  return { framing: "none", native: withOwnMetadata(call.native) };
}

/** Controls are for NOCP, and no vendor's business. */
function withOwnMetadata(native: NativeRequest): NativeRequest {
  const { metadata, ...body } = native.body;
  if (typeof metadata !== "object" || metadata === null) return native;
  const own = withoutControls(metadata as Record<string, string>);
  return { ...native, body: Object.keys(own).length === 0 ? body : { ...body, metadata: own } };
}

/** Whether nothing is sent before the answer is complete. */
export const isHeld = (call: ServerCall, { stream }: Controls): boolean => stream === "held" || call.isHeld;

function routeOf(model: string, route: readonly string[] | undefined) {
  if (route === undefined) return model === autoModel ? {} : { model };
  const [first, ...fallbacks] = route.map(candidateOf);
  return { ...first, fallbacks };
}

function candidateOf(text: string): RouteCandidate {
  const slash = text.indexOf("/");
  return { provider: text.slice(0, slash), model: text.slice(slash + 1) };
}
