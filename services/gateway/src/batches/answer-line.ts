// One line of a batch: the request that it becomes, and the line of the output or error file that its result becomes.
import type { RequestQueue } from "@nocp/client/request-queue.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { backoffMs, pause, retry } from "@nocp/contracts/retry.ts";
import { InvalidField, type ServerApi, type ServerCall } from "@nocp/models/server-api.ts";
import { composeRequest, type RequestDefaults } from "../compose-request.ts";
import { readControls } from "../controls.ts";
import { failureOfError, failureOfResult, type HttpFailure } from "../http-failure.ts";
import { uuidOf } from "../requests/read-request.ts";
import type { BatchLine } from "./batch-lines.ts";
import type { BatchRecord } from "./batch-record.ts";

/** What becomes of a line: a line of the output, or of the error file. */
export interface AnsweredLine {
  readonly isAnswer: boolean;
  readonly text: string;
}

export interface LineContext {
  readonly batch: Pick<BatchRecord, "id" | "tenant" | "access" | "expiresAt">;
  readonly api: ServerApi;
  readonly queue: Pick<RequestQueue, "submit" | "find" | "wait" | "cancel">;
  readonly defaults: RequestDefaults;
  /** Lines before this one may have been asked by an earlier run. */
  readonly askedBefore: number;
  /** Ends when the batch is cancelled or expires; what is not answered then is not asked. */
  readonly ending: AbortSignal;
  /** Ends when another process goes on. */
  readonly signal: AbortSignal;
  readonly now: () => number;
}

const longestTimeoutMs = 86_400_000;
const resultSlackMs = 30_000;
const busy = { baseMs: 500, maxMs: 15_000 };

/** Asking twice gives the same answer, once paid: a line's id follows from its batch and number. */
export async function answerLine(line: BatchLine, number: number, context: LineContext): Promise<AnsweredLine> {
  const { batch, signal, ending } = context;
  const requestId = uuidOf(`${batch.id} ${number}`);
  signal.throwIfAborted();
  const mayBeAsked = number < context.askedBefore;
  if (ending.aborted && !mayBeAsked) return unasked(line, requestId, ending);
  try {
    const call = readLine(line, context);
    const result = await ask(call, requestId, mayBeAsked, context);
    if (result === undefined) return unasked(line, requestId, ending);
    if (result.status !== "failed") {
      const body = call.answer(result, { requestId, createdAt: Math.floor(result.completedAt / 1000) });
      return { isAnswer: true, text: lineText(line, requestId, { response: responseOf(200, requestId, body), error: null }) };
    }
    if (ending.aborted && result.error?.code === "CANCELLED") return unasked(line, requestId, ending);
    return failed(line, failureOfResult(result.error ?? noError, requestId), context);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof NocpError)) throw error;
    return failed(line, failureOfError(error, requestId), context);
  }
}

const noError = { code: "UNEXPECTED", message: "the request failed and does not say why" };

/** @throws InvalidField */
function readLine({ body }: BatchLine, { api }: LineContext): ServerCall {
  if (api.conversation?.previousId(body) !== undefined)
    throw new InvalidField("previous_response_id", "cannot be used in a batch: its lines are answered in any order");
  const call = api.readCall(body);
  if (call.streams) throw new InvalidField("stream", "cannot be used in a batch");
  return call;
}

/** @returns undefined when the batch has ended first. */
async function ask(
  call: ServerCall,
  requestId: string,
  mayBeAsked: boolean,
  context: LineContext,
): Promise<NocpResult | undefined> {
  const { batch, defaults, queue, now, ending, signal } = context;
  const ref = { tenant: batch.tenant, requestId };
  const controls = readControls({ headers: {}, field: call.native.body.nocp, metadata: call.metadata });
  const leftMs = Math.min(Math.max(1, batch.expiresAt - now()), longestTimeoutMs);
  const timeoutMs = Math.min(controls.timeout_ms ?? leftMs, leftMs);
  const access = { tenant: batch.tenant, ...batch.access };
  const request = composeRequest(call, { ...controls, lane: "batch", timeout_ms: timeoutMs }, defaults, access);
  const earlier = mayBeAsked ? await queue.find(ref) : undefined;
  if (earlier) return earlier;
  const either = AbortSignal.any([ending, signal]);
  const isAsked = (!ending.aborted && (await submit({ ...request, ...ref }, queue, either))) || mayBeAsked;
  const result = ending.aborted ? undefined : await queue.wait(ref, leftMs + resultSlackMs, either);
  signal.throwIfAborted();
  if (result || !ending.aborted) return result;
  // What is on its way is taken back, unless it has a result by now.
  return isAsked ? queue.cancel(ref).catch(() => undefined) : undefined;
}

type Submission = Parameters<RequestQueue["submit"]>[0];

/** @returns false when the signal came first. @throws NocpError for a request that the queue will never take. */
async function submit(request: Submission, queue: LineContext["queue"], either: AbortSignal): Promise<boolean> {
  try {
    await retry(
      () => queue.submit(request),
      (error, attempt) => {
        if (either.aborted || !isBusy(error)) throw error;
        return backoffMs(attempt, busy, Math.random());
      },
      (delayMs) => pause(delayMs, either),
    );
    return true;
  } catch (error) {
    if (either.aborted) return false;
    throw error;
  }
}

/** The queue takes it later. */
const isBusy = (error: unknown): boolean =>
  error instanceof NocpError && ["QUEUE_FULL", "PUBLISH_FAILED", "NOT_CONNECTED"].includes(error.code);

function failed(line: BatchLine, failure: HttpFailure, { api }: LineContext): AnsweredLine {
  const response = responseOf(failure.status, failure.requestId, api.errorBody(failure));
  return { isAnswer: false, text: lineText(line, failure.requestId, { response, error: null }) };
}

/** @param ending its reason says why. */
function unasked(line: BatchLine, requestId: string, ending: AbortSignal): AnsweredLine {
  const code = ending.reason === "cancelled" ? "batch_cancelled" : "batch_expired";
  const message = `This request could not be executed before the batch ${ending.reason === "cancelled" ? "was cancelled" : "expired"}.`;
  return { isAnswer: false, text: lineText(line, requestId, { response: null, error: { code, message } }) };
}

const responseOf = (status: number, requestId: string, body: object) => ({ status_code: status, request_id: requestId, body });

const lineText = ({ custom_id }: BatchLine, requestId: string, outcome: object): string =>
  `${writeJson({ id: `batch_req_${requestId.replaceAll("-", "")}`, custom_id, ...outcome })}\n`;
