// The HTTP application: which calls get in, and to what they go.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import type { ServerApi } from "@nocp/models/server-api.ts";
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import type { Admission } from "./admission.ts";
import { allowOrigins } from "./allow-origins.ts";
import type { Access, Authenticate } from "./authenticate.ts";
import type { CountInput } from "./count-input-tokens.ts";
import { failureOfError, type HttpFailure, refusal } from "./http-failure.ts";
import { addKeptAnswers } from "./kept-answer-routes.ts";
import { anthropicList, anthropicModel, isForAnthropic, type ListedModel } from "./list-models.ts";
import { type AccessOf, type AddRoutes, createGate, createRouteTools, type Gate, type RouteTools } from "./route-tools.ts";
import { failureHeaders } from "./send-response.ts";
import { bodyOf, type CallDependencies, serveCall } from "./serve-call.ts";
import { needsNoKey } from "./without-key.ts";

export interface AppOptions {
  /** The first one's errors are shown where a path belongs to none. */
  readonly apis: readonly [ServerApi, ...ServerApi[]];
  readonly models: readonly ListedModel[];
  /** What is no vendor's chat. */
  readonly routes: readonly AddRoutes[];
  readonly authenticate: Authenticate;
  readonly admission: Admission;
  readonly calls: CallDependencies;
  readonly maxBodyBytes: number;
  /** Of web pages that may call from a browser. */
  readonly corsOrigins: readonly string[];
  readonly countInput: CountInput;
}

/** A client that sends its call more slowly than this is cut off, so that half-open connections do not add up. */
const requestTimeoutMs = 60_000;
/** A file of 200 MB at 2 Mbit/s. */
const uploadTimeoutMs = 15 * 60_000;
const headersTimeoutMs = 20_000;
const maxHeaderBytes = 32 * 1024;

export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { apis, models, routes, authenticate, admission, calls, maxBodyBytes, countInput } = options;
  const app = fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: uploadTimeoutMs,
    http: { headersTimeout: headersTimeoutMs, maxHeaderSize: maxHeaderBytes },
    // Open streams are ended by the calls themselves; idle connections must not hold up the end.
    forceCloseConnections: "idle",
    logger: false,
  });
  await allowOrigins(app, options.corsOrigins);
  const accesses = new WeakMap<FastifyRequest, Access>();
  const apiOf = (request: FastifyRequest): ServerApi => apis.find((api) => belongsTo(api, request)) ?? apis[0];
  const refuse = (request: FastifyRequest, reply: FastifyReply, failure: HttpFailure) =>
    reply.code(failure.status).headers(failureHeaders(failure, null)).send(apiOf(request).errorBody(failure));

  // All digits of numbers are kept: arguments of tools hold ids that are longer than a double.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    try {
      // Many clients name a type where there is nothing, e.g. with DELETE.
      done(null, text === "" ? undefined : parseExactly(String(text).replace(/^\uFEFF/, "")));
    } catch {
      done(Object.assign(new Error("The body is not JSON."), { statusCode: 400 }));
    }
  });
  app.addHook("onRequest", async ({ headers }) => {
    const { "content-encoding": encoding = "identity" } = headers;
    if (encoding === "identity") return;
    throw Object.assign(new Error("the body is encoded"), { statusCode: 415 });
  });
  app.addHook("onRequest", async (request, { raw }) => {
    if (request.headers["content-type"]?.startsWith("multipart/form-data")) return;
    const slow = setTimeout(() => request.raw.destroy(), requestTimeoutMs).unref();
    request.raw.once("end", () => clearTimeout(slow));
    raw.once("close", () => clearTimeout(slow));
  });
  app.addHook("onRequest", async (request, reply) => {
    if (needsNoKey(request)) return undefined;
    const answer = authenticate(request.headers);
    if ("access" in answer) {
      accesses.set(request, answer.access);
      return undefined;
    }
    const { status, message } = answer.denial;
    return refuse(request, reply, refusal(status, status === 401 ? "UNAUTHENTICATED" : "FORBIDDEN", message));
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const failure = failureOfHttp(error, maxBodyBytes);
    if (failure.status === 500) calls.onUnexpected(error, failure.requestId);
    return refuse(request, reply, failure);
  });
  app.setNotFoundHandler((request, reply) =>
    refuse(request, reply, refusal(404, "NOT_FOUND", `There is no ${request.method} ${pathOf(request)}.`)),
  );
  app.get("/v1/models", ({ headers }) => (isForAnthropic(headers) ? anthropicList(models) : { object: "list", data: models }));
  app.get("/v1/models/*", (request, reply) => {
    const id = decodeURIComponent(pathOf(request).slice("/v1/models/".length));
    const found = models.find((model) => model.id === id);
    if (found) return isForAnthropic(request.headers) ? anthropicModel(found) : found;
    return refuse(request, reply, refusal(404, "NO_PROVIDER", `GET /v1/models does not list ${id}.`));
  });
  const accessOf: AccessOf = (request) => {
    const access = accesses.get(request);
    if (access) return access;
    throw new Error("a call was routed that nobody let in");
  };
  for (const api of apis) addKeptAnswers(app, api, calls.answers, accessOf, refuse);
  const gate = createGate({ admission, refuse });
  for (const api of apis) addApi(app, api, gate, { calls, accessOf });
  const tools = createRouteTools(app, { admission, accessOf, refuse, metrics: calls.metrics });
  for (const api of apis) addCounting(tools, api, countInput);
  for (const add of routes) add(app, tools);
  return app;
}

/** The calls of a vendor's chat. */
function addApi(app: FastifyInstance, api: ServerApi, gate: Gate, { calls, accessOf }: ApiDependencies): void {
  app.post(api.path, { onRequest: gate.onRequest }, async (request, reply) => {
    const admitted = gate.callOf(request);
    reply.hijack();
    await serveCall(
      { api, body: request.body, headers: request.headers, response: reply.raw, admitted, access: accessOf(request) },
      calls,
    );
  });
}

interface ApiDependencies {
  readonly calls: CallDependencies;
  readonly accessOf: AccessOf;
}

/** Counted here, without asking the vendor: an estimate where the model's tokenizer is not public. */
function addCounting(tools: RouteTools, { counting, readCall }: ServerApi, countInput: CountInput): void {
  if (!counting) return;
  tools.post(counting.path, async (request, _reply, signal) =>
    counting.answer(await countInput(readCall(bodyOf(request.body)), signal)),
  );
}

const belongsTo = (api: ServerApi, request: FastifyRequest): boolean =>
  pathOf(request) === api.path || pathOf(request) === api.counting?.path;

const pathOf = ({ url }: FastifyRequest): string => url.split("?")[0] ?? url;

function failureOfHttp(error: FastifyError, maxBodyBytes: number): HttpFailure {
  if (error instanceof NocpError) return failureOfError(error, createRequestId());
  const { statusCode = 500 } = error;
  if (statusCode === 413) return refusal(413, "REQUEST_TOO_LARGE", `The body is larger than ${maxBodyBytes} bytes.`);
  if (statusCode === 415) return refusal(415, "INVALID_REQUEST", "The body must be application/json, and not compressed.");
  if (statusCode < 500) return refusal(statusCode, "INVALID_JSON", error.message);
  return failureOfError(error, createRequestId());
}
