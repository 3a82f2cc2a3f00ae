// The request that a client's call becomes.
import { allowsModel, type GatewayCompression } from "@nocp/contracts/gateway-key.ts";
import type { NativeRequest } from "@nocp/contracts/native-request.ts";
import type { NocpRequestInput, RouteCandidate } from "@nocp/contracts/request.ts";
import { InvalidField, type ServerCall } from "@nocp/models/server-api.ts";
import type { Access } from "./authenticate.ts";
import { type Controls, withoutControls } from "./controls.ts";

/** The model that stands for the deployment's own choice. */
export const autoModel = "nocp/auto";

export interface RequestDefaults {
  readonly compression: GatewayCompression;
  readonly timeoutMs: number;
}

/** @throws NotAllowed for a model or a lane that the caller's key does not have. */
export function composeRequest(
  call: ServerCall,
  controls: Controls,
  defaults: RequestDefaults,
  access: Access,
): NocpRequestInput {
  checkAccess(call.model, controls, access);
  const { temperature, maxOutputTokens, ...translated } = call.request;
  const mode = modeOf(controls, access.compression ?? defaults.compression);
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
    tenant: access.tenant,
    lane: controls.lane ?? "interactive",
    stream: call.streams && !isHeld(call, controls),
    tags: controls.tags ?? [],
    metadata,
  };
}

/** Models are compared as they are written: who may name `openai/gpt-5` may not name `gpt-5`. */
function checkAccess(model: string, { route, lane = "interactive" }: Controls, access: Access): void {
  const refused = [model, ...(route ?? [])].find((named) => !allowsModel(access, named));
  if (refused !== undefined) throw new NotAllowed("model", `the key does not allow ${refused}`);
  if (access.lanes.length > 0 && !access.lanes.includes(lane))
    throw new NotAllowed("lane", `the key does not allow the lane ${lane}`);
}

/** What the caller's key does not allow. */
export class NotAllowed extends InvalidField {}

/** A session's turns and a ratio belong to NOCP's own prompt. */
function modeOf({ compression, compression_ratio, session }: Controls, usual: GatewayCompression): GatewayCompression {
  if (compression !== undefined) return compression;
  return session !== undefined || compression_ratio !== undefined ? "auto" : usual;
}

/** Only NOCP's own prompt may remove something; in any other form the client's request goes on as it is. */
function framingOf(call: ServerCall, mode: GatewayCompression): { framing?: "none"; native: NativeRequest } {
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
