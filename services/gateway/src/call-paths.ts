// The two ways that a call can take: through the queue, or directly from stage to stage in this process.
import type { StartedRequest, StartRequest } from "@nocp/client/start-request.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import type { GatewayPath } from "@nocp/contracts/gateway-key.ts";
import { isNestedDeeper, maxJsonDepth } from "@nocp/contracts/json-depth.ts";
import { type NocpRequest, type NocpRequestInput, requestSchema } from "@nocp/contracts/request.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import type { DirectChain } from "@nocp/runtime/chain/assemble-direct-chain.ts";
import type { DirectPathState, WantedPath } from "./choose-path.ts";

export interface CallPaths {
  readonly directState: DirectPathState;
  readonly start: Readonly<Record<GatewayPath, StartRequest>>;
  stop(): Promise<void>;
}

export interface PathSettings {
  readonly path: WantedPath;
  /** Calls that may take the direct path at once. */
  readonly directConcurrency: number;
}

export interface PathDependencies {
  readonly queue: StartRequest;
  /** Loads the stages: with `auto` once the process runs, as that takes a moment and calls have the queue meanwhile. */
  readonly loadDirect: () => Promise<DirectChain>;
  readonly onRunning: (work: () => Promise<void>) => void;
  readonly logger: { error(fields: object, message: string): void };
}

/** @throws what keeps the stages from starting, if nothing but the direct path will do. */
export async function openPaths({ path, directConcurrency }: PathSettings, parts: PathDependencies): Promise<CallPaths> {
  const { queue, loadDirect, onRunning, logger } = parts;
  let chain: DirectChain | undefined;
  let loading: Promise<void> | undefined;
  let state: "off" | "starting" | "failed" | "open" = path === "queue" ? "off" : "starting";
  const load = async (): Promise<void> => {
    chain = await loadDirect();
    state = "open";
  };
  if (path === "direct") await load();
  if (path === "auto")
    onRunning(() => {
      loading = load().catch((err: Error) => {
        state = "failed";
        logger.error({ err }, "the stages cannot be loaded: all calls take the queue");
      });
      return loading;
    });
  return {
    get directState() {
      return state === "open" && chain && chain.size >= directConcurrency ? "full" : state;
    },
    start: {
      queue,
      direct: (input, options) => {
        if (!chain) throw new Error("the direct path is not open");
        return startDirectly(chain, input, options);
      },
    },
    async stop() {
      await loading;
      await chain?.stop();
    },
  };
}

function startDirectly(
  chain: DirectChain,
  input: NocpRequestInput,
  { onDelta, traceContext }: Parameters<StartRequest>[1],
): StartedRequest {
  const requestId = input.requestId ?? createRequestId();
  try {
    const request = checkedRequest({ ...input, requestId });
    const lane = request.lane ?? "interactive";
    const { result, cancel } = chain.submit({
      address: { tenant: request.tenant, lane, requestId },
      request,
      onDelta,
      traceContext,
    });
    const submitted = Promise.resolve({ requestId, lane, traceId: null, duplicate: false });
    return { requestId, submitted, result, cancel: async () => cancel() };
  } catch (error) {
    const failed = Promise.reject(error);
    failed.catch(() => undefined);
    return { requestId, submitted: failed, result: failed, cancel: async () => undefined };
  }
}

/** @throws NocpError INVALID_REQUEST */
function checkedRequest(input: NocpRequestInput): NocpRequest {
  if (isNestedDeeper(input, maxJsonDepth))
    throw new NocpError("INVALID_REQUEST", `the request is nested more than ${maxJsonDepth} levels deep`);
  const checked = requestSchema.safeParse(input);
  if (checked.success) return checked.data;
  throw new NocpError("INVALID_REQUEST", describeProblems(checked.error));
}
