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
  /** Tools of NOCP that calls may offer. */
  readonly tools: readonly string[];
}

/**
 * @param hasHidden whether the conversation holds calls and results of NOCP's own tools, which the client's body does not.
 * @throws NotAllowed for a model or a lane that the caller's key does not have, and for a tool that no call may offer.
 */
export function composeRequest(
  call: ServerCall,
  controls: Controls,
  defaults: RequestDefaults,
  access: Access,
  hasHidden = false,
): NocpRequestInput {
  checkAccess(call.model, controls, access);
  const offerTools = controls.tools ?? [];
  checkTools(offerTools, defaults.tools);
  const { temperature, maxOutputTokens, ...translated } = call.request;
  const usual = modeOf(controls, access.compression ?? defaults.compression);
  const maxTokens = contextLimitOf(call, controls, usual);
  const mode = maxTokens === undefined ? usual : "auto";
  const metadata = withoutControls(call.metadata);
  const payloads = controls.payloads ?? access.payloads;
  return {
    ...translated,
    ...framingOf(
      call,
      mode === "auto" || offerTools.length > 0 || hasHidden || holdsToolsBack({ ...controls, compression: mode }),
    ),
    offerTools,
    compression: {
      mode,
      ...(controls.compression_ratio === undefined ? {} : { targetRatio: controls.compression_ratio }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(payloads === undefined ? {} : { payloads }),
      ...(controls.tool_definitions === undefined ? {} : { toolDefinitions: controls.tool_definitions }),
    },
    routing: {
      ...routeOf(call.model, controls),
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
    ...access.billed,
    lane: controls.lane ?? "interactive",
    stream: call.streams && !isHeld(controls),
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

/** Bytes of a text in most languages, and of code, for each of its tokens: rather too many tokens than too few. */
const bytesPerToken = 3;

/**
 * The ceiling that the client's own context management asks for, where the conversation may exceed it. Who wants a plain proxy,
 * or nothing removed, has said so in NOCP's own terms.
 */
function contextLimitOf(
  { contextLimit, request }: ServerCall,
  controls: Controls,
  usual: GatewayCompression,
): number | undefined {
  if (contextLimit === undefined || usual === "off" || controls.compression === "lossless") return undefined;
  const bytes = (request.messages ?? []).reduce(
    (sum, { text = "", toolRequests = [] }) => sum + Buffer.byteLength(text) + Buffer.byteLength(JSON.stringify(toolRequests)),
    0,
  );
  return bytes > contextLimit * bytesPerToken ? contextLimit : undefined;
}

/** Names and patterns are compared as they are written: `weather.*` is allowed by itself or by `*`. */
function checkTools(offered: readonly string[], allowed: readonly string[]): void {
  const isAllowed = (name: string): boolean =>
    allowed.some((known) => known === "*" || known === name || (known.endsWith(".*") && name.startsWith(known.slice(0, -1))));
  const refused = offered.find((name) => !isAllowed(name));
  if (refused !== undefined) throw new NotAllowed("tools", `gateway.tools does not allow ${refused}`);
}

/** Only NOCP's own prompt may remove or add something; in any other form the client's request goes on as it is. */
function framingOf(call: ServerCall, isFramed: boolean): { framing?: "none"; native: NativeRequest } {
  if (isFramed) return { native: withOwnMetadata(call.nativeRest) };
  return { framing: "none", native: withOwnMetadata(call.native) };
}

/** Controls are for NOCP, and no vendor's business. */
function withOwnMetadata(native: NativeRequest): NativeRequest {
  const { metadata, ...body } = native.body;
  if (typeof metadata !== "object" || metadata === null) return native;
  const own = withoutControls(metadata as Record<string, string>);
  return { ...native, body: Object.keys(own).length === 0 ? body : { ...body, metadata: own } };
}

/** Whether nothing is sent before the answer is complete: what a model says before it calls a tool of NOCP's is no answer. */
export const isHeld = (controls: Controls): boolean =>
  controls.stream === "held" || (controls.tools?.length ?? 0) > 0 || holdsToolsBack(controls);

/** Then NOCP offers a tool of its own, with which the model asks for the others. */
const holdsToolsBack = ({ compression, tool_definitions }: Controls): boolean =>
  compression !== "off" && tool_definitions === "selected";

/** @throws InvalidField for a tier beside a model: a tier takes the place of a choice. */
function routeOf(model: string, { route, tier, strategy }: Controls) {
  const named = namedRoute(model, route);
  if (tier !== undefined && Object.keys(named).length > 0)
    throw new InvalidField("tier", `chooses the model, so the call must name ${autoModel} and no route`);
  return { ...named, ...(tier === undefined ? {} : { tier }), ...(strategy === undefined ? {} : { strategy }) };
}

function namedRoute(model: string, route: readonly string[] | undefined) {
  if (route === undefined) return model === autoModel ? {} : { model };
  const [first, ...fallbacks] = route.map(candidateOf);
  return { ...first, fallbacks };
}

function candidateOf(text: string): RouteCandidate {
  const slash = text.indexOf("/");
  return { provider: text.slice(0, slash), model: text.slice(slash + 1) };
}
