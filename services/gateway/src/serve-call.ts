// One call of a client: onto the queue, and its answer back.
import type { ServerResponse } from "node:http";
import { withTimeLimit } from "@nocp/contracts/abortable.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { type AnswerIdentity, InvalidField, type ServerApi } from "@nocp/models/server-api.ts";
import { isSpanContextValid, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import type { AdmittedCall } from "./admission.ts";
import { answerCall } from "./answer-call.ts";
import type { Access } from "./authenticate.ts";
import type { CallPaths } from "./call-paths.ts";
import { choosePath, type WantedPath } from "./choose-path.ts";
import { composeRequest, type RequestDefaults } from "./compose-request.ts";
import { readControls } from "./controls.ts";
import { failureOfError } from "./http-failure.ts";
import type { KeptAnswers } from "./kept-answers.ts";
import type { GatewayMetrics } from "./metrics.ts";
import type { OwnRounds } from "./own-rounds.ts";
import { sendFailure } from "./send-response.ts";

export interface CallDependencies {
  readonly paths: Pick<CallPaths, "directState" | "start">;
  readonly tracer: Tracer;
  readonly metrics: GatewayMetrics;
  readonly answers: KeptAnswers;
  readonly ownRounds: OwnRounds;
  readonly settings: RequestDefaults & {
    readonly path: WantedPath;
    readonly keepAliveMs: number;
    readonly stalledClientMs: number;
  };
  /** Hears of errors that nobody foresaw. */
  readonly onUnexpected: (error: unknown, requestId: string) => void;
}

export interface ClientCall {
  readonly api: ServerApi;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly response: ServerResponse;
  readonly admitted: AdmittedCall;
  readonly access: Access;
}

/** Answers the call, whatever happens, and leaves nothing running for a client that is gone. Never rejects. */
export async function serveCall(call: ClientCall, dependencies: CallDependencies): Promise<void> {
  const { api, headers, response } = call;
  const startedAt = performance.now();
  const parent = propagation.extract(ROOT_CONTEXT, headers);
  const span = dependencies.tracer.startSpan(
    `POST ${api.path}`,
    { kind: SpanKind.SERVER, attributes: { "http.request.method": "POST", "http.route": api.path } },
    parent,
  );
  const spanContext = span.spanContext();
  const traceId = isSpanContextValid(spanContext) ? spanContext.traceId : null;
  const seconds = () => (performance.now() - startedAt) / 1000;
  let requestId = createRequestId();
  let status: number;
  try {
    const readCall = await readRequest(call, dependencies, requestId);
    requestId = readCall.request.requestId;
    const traceContext = trace.setSpan(parent, span);
    const onFirstPiece = () => dependencies.metrics.firstByte(api.path, seconds());
    const keep = keeperOf(call, readCall.fields, dependencies);
    const hide = (result: NocpResult) => dependencies.ownRounds.hide(call.access.tenant, result);
    status = await answerCall({ ...call, ...readCall, traceId, traceContext, onFirstPiece, hide, keep }, dependencies);
  } catch (error) {
    const failure = failureOfError(error, requestId);
    if (failure.code === "UNEXPECTED") dependencies.onUnexpected(error, requestId);
    status = failure.status;
    sendFailure(response, api, failure, traceId);
  }
  span.setAttribute("http.response.status_code", status);
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  dependencies.metrics.finished(api.path, status, seconds());
}

async function readRequest(
  { api, body, headers, access }: ClientCall,
  { settings, answers, ownRounds, paths }: CallDependencies,
  newId: string,
) {
  const sent = bodyOf(body);
  const fields = await withPrevious(api.withHeaders?.(sent, headers) ?? sent, api, access, answers);
  const read = api.readCall(fields);
  const controls = readControls({ headers, field: fields.nocp, metadata: read.metadata });
  const { messages = [] } = read.request;
  const restored = await ownRounds.restore(access.tenant, messages);
  const whole = { ...read, request: { ...read.request, messages: [...restored] } };
  const request = composeRequest(whole, controls, settings, access, restored !== messages);
  const isNewId = request.requestId === undefined;
  const path = choosePath({
    asked: controls.path,
    usual: settings.path,
    ...{ access, request, isNamed: !isNewId, direct: paths.directState },
  });
  return {
    fields,
    path,
    read,
    request: { ...request, requestId: request.requestId ?? newId },
    isNewId,
  };
}

/** An answer that cannot be kept is still an answer: its client learns of it when it wants to go on from there. */
const keeperOf =
  ({ api: { conversation }, access: { tenant } }: ClientCall, fields: Body, { answers, onUnexpected }: CallDependencies) =>
  async (answer: object, identity: AnswerIdentity): Promise<void> => {
    const kept = conversation?.keep(fields, answer as Body);
    if (conversation === undefined || kept === undefined) return;
    const onTimeout = () => new Error("the answer could not be kept in time");
    await withTimeLimit(() => answers.put(tenant, conversation.idOf(identity), kept), { timeoutMs: keepingMs, onTimeout }).catch(
      (error: unknown) => onUnexpected(error, identity.requestId),
    );
  };

/** Through a short outage of the broker; nobody waits longer for an answer that is there. */
const keepingMs = 5_000;

/** A call that follows an earlier answer gets all that was said before it. @throws InvalidField */
async function withPrevious(fields: Body, { conversation }: ServerApi, { tenant }: Access, answers: KeptAnswers): Promise<Body> {
  const id = conversation?.previousId(fields);
  if (conversation === undefined || id === undefined) return fields;
  const previous = await answers.get(tenant, id);
  if (previous === undefined) throw conversation.missing(id);
  return conversation.after(fields, previous);
}

type Body = Readonly<Record<string, unknown>>;

/** @throws InvalidField */
export function bodyOf(body: unknown): Body {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new InvalidField("body", "must be a JSON object");
  return body as Body;
}
