// A call that was read: submitted, and answered from the pieces and the result that come back.
import type { ServerResponse } from "node:http";
import type { StartedRequest } from "@nocp/client/start-request.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { NocpRequestInput } from "@nocp/contracts/request.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import type { AnswerIdentity, ServerApi, ServerCall } from "@nocp/models/server-api.ts";
import type { Context } from "@opentelemetry/api";
import type { AdmittedCall } from "./admission.ts";
import { billHeaders, identityHeaders, pathHeaders } from "./answer-headers.ts";
import { createAnswerRelay } from "./answer-relay.ts";
import type { CallPaths } from "./call-paths.ts";
import type { PathChoice } from "./choose-path.ts";
import { createEventWriter, type EventWriter } from "./event-writer.ts";
import { failureOfError, failureOfResult, type HttpFailure } from "./http-failure.ts";
import { ownCallId } from "./own-rounds.ts";
import { sendFailure, sendJson } from "./send-response.ts";

export interface ReadCall {
  readonly api: ServerApi;
  readonly read: ServerCall;
  readonly request: NocpRequestInput & { readonly requestId: string };
  /** Whether the gateway made the request's id, and not the client. */
  readonly isNewId: boolean;
  readonly path: PathChoice;
  readonly response: ServerResponse;
  readonly admitted: AdmittedCall;
  readonly traceId: string | null;
  readonly traceContext: Context;
  readonly onFirstPiece: () => void;
  /** The result as its client may see it. @throws Error when it cannot be remembered what was hidden. */
  readonly hide: (result: NocpResult) => Promise<NocpResult>;
  /** Keeps the answer for calls that follow it, where its client wants that. Never rejects. */
  readonly keep: (answer: object, identity: AnswerIdentity) => Promise<void>;
}

export interface AnswerDependencies {
  readonly paths: Pick<CallPaths, "start">;
  readonly settings: { readonly timeoutMs: number; readonly keepAliveMs: number; readonly stalledClientMs: number };
  readonly onUnexpected: (error: unknown, requestId: string) => void;
}

/** The queue answers within the deadline of the request; this is for the way of its result. */
const resultSlackMs = 10_000;

/** @returns the status that stands for the call; 499 for a client that hung up. */
export async function answerCall(call: ReadCall, dependencies: AnswerDependencies): Promise<number> {
  const { read, request, response, traceId } = call;
  const identity: AnswerIdentity = { requestId: request.requestId, createdAt: Math.floor(Date.now() / 1000) };
  const ending = watchEnd(call);
  const writer = read.streams ? writerFor(call, identity, ending.end, dependencies) : undefined;
  const relay = createAnswerRelay({ itemsOf: call.api.reasoningItemsOf, callIdOf: callIdsOf(request) });
  const started = dependencies.paths.start[call.path.path](request, {
    timeoutMs: (request.limits?.timeoutMs ?? dependencies.settings.timeoutMs) + resultSlackMs,
    isNew: call.isNewId,
    traceContext: call.traceContext,
    ...(writer && request.stream
      ? {
          onDelta: (delta) => {
            const piece = relay.take(delta);
            if (piece !== undefined) {
              if (!writer.hasBegun) call.onFirstPiece();
              writer.write(piece);
            }
            if (relay.isBroken) ending.end("restarted");
          },
        }
      : {}),
  });
  const outcome = await outcomeOf(started, ending.ended, dependencies);
  writer?.stop();
  if (outcome.kind === "gone") return 499;
  if (outcome.kind === "failed") return fail(call, writer, outcome.failure);
  const result = withCallIds(await call.hide(outcome.result), relay.callIds);
  const rest = relay.rest(result);
  if (rest === undefined) return fail(call, writer, failureOf("restarted", request.requestId));
  const answer = read.answer(result, identity);
  await call.keep(answer, identity);
  if (writer) writer.end(result, rest);
  else {
    const headers = { ...identityHeaders(request.requestId, traceId), ...pathHeaders(call.path), ...billHeaders(result) };
    sendJson(response, 200, headers, answer);
  }
  return 200;
}

const writerFor = (
  { api, read, request, response, traceId, path }: ReadCall,
  identity: AnswerIdentity,
  end: (why: EarlyEnd) => void,
  { settings }: AnswerDependencies,
): EventWriter =>
  createEventWriter(response, {
    headers: { ...identityHeaders(request.requestId, traceId), ...pathHeaders(path) },
    stream: read.stream(identity),
    keepAlive: api.keepAlive,
    keepAliveMs: settings.keepAliveMs,
    stalledAfterMs: settings.stalledClientMs,
    onStalled: () => end("gone"),
  });

/** Where NOCP's tools may run beside a call, the call has an id of NOCP's, with which their results are found again. */
const callIdsOf = ({ framing, requestId }: ReadCall["request"]) =>
  framing === "none" ? undefined : (call: number) => ownCallId(requestId, call);

const withCallIds = (result: NocpResult, ids: readonly string[]): NocpResult =>
  ids.length === 0
    ? result
    : { ...result, toolRequests: (result.toolRequests ?? []).map((request, at) => ({ ...request, id: ids[at] ?? request.id })) };

/** Why a call ends before its result is there. */
type EarlyEnd = "gone" | "stopping" | "restarted";

/** A client that hangs up ends its call, and so does a gateway that cannot wait any longer. */
function watchEnd({ response, admitted }: ReadCall) {
  const { promise: ended, resolve: end } = Promise.withResolvers<EarlyEnd>();
  response.once("close", () => end("gone"));
  admitted.signal.addEventListener("abort", () => end("stopping"), { once: true });
  if (response.destroyed) end("gone");
  return { ended, end };
}

type CallOutcome =
  | { readonly kind: "answered"; readonly result: NocpResult }
  | { readonly kind: "failed"; readonly failure: HttpFailure }
  | { readonly kind: "gone" };

/** What nobody waits for is cancelled: the model's vendor stops writing, and billing. */
async function outcomeOf(
  started: StartedRequest,
  ended: Promise<EarlyEnd>,
  { onUnexpected }: AnswerDependencies,
): Promise<CallOutcome> {
  const { requestId } = started;
  const early = ended.then((why) => ({ why }));
  const first = await Promise.race([started.result, early]).catch((error: unknown) => ({ error }));
  if ("error" in first && !("requestId" in first)) {
    const failure = failureOfError(first.error, requestId);
    if (failure.code === "UNEXPECTED") onUnexpected(first.error, requestId);
    if (failure.code === "RESULT_NOT_FOUND") cancel(started, onUnexpected);
    return { kind: "failed", failure };
  }
  if ("why" in first) {
    cancel(started, onUnexpected);
    return first.why === "gone" ? { kind: "gone" } : { kind: "failed", failure: failureOf(first.why, requestId) };
  }
  if (first.status !== "failed") return { kind: "answered", result: first };
  const error = first.error ?? { code: "UNEXPECTED", message: "the request failed and does not say why" };
  return { kind: "failed", failure: failureOfResult(error, requestId) };
}

const cancel = (started: StartedRequest, onUnexpected: AnswerDependencies["onUnexpected"]): void => {
  started.cancel().catch((error: unknown) => {
    // It has its result already, or never reached the queue.
    if (!(error instanceof NocpError && error.code === "RESULT_NOT_FOUND")) onUnexpected(error, started.requestId);
  });
};

const failureOf = (why: Exclude<EarlyEnd, "gone">, requestId: string): HttpFailure =>
  why === "stopping"
    ? failureOfResult({ code: "NOT_CONNECTED", message: "NOCP's gateway is stopping", advice: "Try again." }, requestId)
    : failureOfResult(
        {
          code: "PROVIDER_UNAVAILABLE",
          message: "the model broke off, and the answer of the next one does not continue what was sent",
          advice: "Try again, or ask for a held stream with x-nocp-stream: held.",
        },
        requestId,
      );

function fail({ api, response, traceId }: ReadCall, writer: EventWriter | undefined, failure: HttpFailure): number {
  if (writer?.hasBegun) writer.fail(api.errorEvent(failure));
  else sendFailure(response, api, failure, traceId);
  return failure.status;
}
