// Which way a call takes: through the queue, or directly from stage to stage within this process.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { GatewayPath, gatewayPathSettings } from "@nocp/contracts/gateway-key.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import { InvalidField } from "@nocp/models/server-api.ts";
import type { Access } from "./authenticate.ts";
import { NotAllowed } from "./compose-request.ts";

export type WantedPath = (typeof gatewayPathSettings)[number];

/** `starting`: the stages are being loaded. `full`: as many calls take it as may. */
export type DirectPathState = "off" | "starting" | "failed" | "open" | "full";

export interface PathChoice {
  readonly path: GatewayPath;
  /** Why a call that might go directly does not; absent where nothing kept it from that. */
  readonly reason?: string;
}

export interface PathQuestion {
  /** Of the call itself, or undefined where it says nothing. */
  readonly asked: WantedPath | undefined;
  /** Of the deployment. */
  readonly usual: WantedPath;
  readonly access: Pick<Access, "paths">;
  readonly request: Pick<NocpRequestInput, "lane" | "tools" | "offerTools" | "compression">;
  /** The client named the request, so that it can ask for its result again. */
  readonly isNamed: boolean;
  readonly direct: DirectPathState;
}

const retryAfterMs = 1_000;

/**
 * The queue has what must survive this process, and what runs tools, which act keeps apart from callers' connections.
 * @throws NotAllowed for what the caller's key does not allow; InvalidField for a direct call where there are none; NocpError
 * NOT_CONNECTED for one that nothing but the direct path will do for, when that is full.
 */
export function choosePath({ asked, usual, access, request, isNamed, direct }: PathQuestion): PathChoice {
  const wanted = asked ?? usual;
  const isAllowed = (path: GatewayPath): boolean => !access.paths?.length || access.paths.includes(path);
  if (asked !== undefined && asked !== "auto" && !isAllowed(asked))
    throw new NotAllowed("path", `the key does not allow the path ${asked}`);
  if (asked === "direct" && direct === "off")
    throw new InvalidField("path", "there is no direct path: gateway.path of this deployment is queue");
  if (wanted === "queue" || direct === "off") return { path: "queue" };
  if (!isAllowed("direct")) return { path: "queue", reason: "key" };
  const reason = reasonForQueue(request, isNamed);
  if (reason !== undefined) return { path: "queue", reason };
  if (direct === "open") return { path: "direct" };
  if (wanted === "auto" && isAllowed("queue")) return { path: "queue", reason: direct === "full" ? "saturated" : direct };
  throw new NocpError("NOT_CONNECTED", "NOCP's gateway answers as many calls directly as it can", { retryAfterMs });
}

function reasonForQueue({ lane, tools, offerTools, compression }: PathQuestion["request"], isNamed: boolean): string | undefined {
  if (lane === "batch") return "batch";
  if (isNamed) return "request-id";
  // act brings back the tools that are held back.
  return tools?.length || offerTools?.length || compression?.toolDefinitions === "selected" ? "tools" : undefined;
}
