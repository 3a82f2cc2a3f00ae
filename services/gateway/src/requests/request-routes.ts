// NOCP's own requests over HTTP: submitted in one call, and fetched, followed or cancelled in others.
import type { RequestQueue } from "@nocp/client/request-queue.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import { requestIdPattern, requestSchema } from "@nocp/contracts/request.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { type RequestRef, requestKey } from "@nocp/contracts/topology.ts";
import { InvalidField } from "@nocp/models/server-api.ts";
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";
import { propagation, ROOT_CONTEXT } from "@opentelemetry/api";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { identityHeaders } from "../answer-headers.ts";
import type { Access } from "../authenticate.ts";
import { refusal } from "../http-failure.ts";
import type { AddRoutes, RouteTools } from "../route-tools.ts";
import type { Webhooks } from "../webhooks/webhooks.ts";
import { createEventSource } from "./event-source.ts";
import { readRequest } from "./read-request.ts";

/** What is known of a request that was submitted here. */
export const submittedSchema = z.object({ digest: z.string(), webhook: z.string().nullable(), submittedAt: z.number() });

export interface RequestRouteDependencies {
  readonly queue: RequestQueue;
  readonly submitted: RecordStore<z.infer<typeof submittedSchema>>;
  readonly webhooks: Webhooks;
  readonly keepAliveMs: number;
  readonly now: () => number;
}

const root = "/nocp/v1/requests";
const longestWaitMs = 60_000;
/** Longer than any request may run. */
const longestStreamMs = 25 * 3_600_000;

export const requestRoutes =
  (dependencies: RequestRouteDependencies): AddRoutes =>
  (app, tools) => {
    const { queue, webhooks } = dependencies;
    tools.post(root, (request, reply) => submit(request, reply, tools, dependencies));
    app.post(`${root}/validate`, (request) => validate(request.body, tools.accessOf(request)));
    app.get(`${root}/:id`, (request, reply) => show(request, reply, tools, dependencies));
    app.get(`${root}/:id/events`, (request, reply) => follow(request, reply, tools, dependencies));
    app.delete(`${root}/:id`, async (request, reply) => {
      const ref = refOf(request, tools);
      try {
        return sendResult(reply, await queue.cancel(ref));
      } catch (error) {
        if (error instanceof NocpError && error.code === "RESULT_NOT_FOUND") return refuseUnknown(request, reply, tools, ref);
        throw error;
      }
    });
    app.post(`${root}/:id/webhook`, async (request, reply) => {
      const ref = refOf(request, tools);
      const url = (await dependencies.submitted.get(requestKey(ref)))?.webhook;
      if (!url) return tools.refuse(request, reply, refusal(404, "NOT_FOUND", `Request ${ref.requestId} has no webhook.`));
      await webhooks.add(ref, url);
      return reply.code(202).send({ id: ref.requestId, webhook: { url } });
    });
    app.get("/nocp/v1/webhook-secret", (request) => ({ secret: webhooks.secretOf(tools.accessOf(request).tenant) }));
  };

async function submit(
  request: FastifyRequest,
  reply: FastifyReply,
  { accessOf, refuse }: RouteTools,
  { queue, submitted, webhooks, now }: RequestRouteDependencies,
): Promise<FastifyReply> {
  const access = accessOf(request);
  const key = request.headers["idempotency-key"];
  const read = readRequest(request.body, key === undefined ? undefined : String(key), access);
  const webhook = read.webhook === undefined ? undefined : webhooks.check(access.tenant, read.webhook);
  const ref: RequestRef = { tenant: access.tenant, requestId: read.request.requestId };
  const known = await submitted.get(requestKey(ref));
  if (known && known.digest !== read.digest) {
    const problem = "The Idempotency-Key was used with another request.";
    return refuse(request, reply, refusal(422, "IDEMPOTENCY_KEY_REUSED", problem));
  }
  // A result that is there would be overwritten by a second run: the queue forgets the ids of what it has done.
  const isDone = known !== undefined && (await queue.find(ref)) !== undefined;
  const parent = propagation.extract(ROOT_CONTEXT, request.headers);
  const { lane, traceId } = isDone ? { lane: undefined, traceId: null } : await queue.submit(read.request, parent);
  if (!known) {
    await submitted.put(requestKey(ref), { digest: read.digest, webhook: webhook ?? null, submittedAt: now() });
    if (webhook !== undefined) await webhooks.add(ref, webhook);
  }
  const path = `${root}/${ref.requestId}`;
  return reply
    .code(202)
    .headers({ ...identityHeaders(ref.requestId, traceId), location: path })
    .send({
      id: ref.requestId,
      object: "nocp.request",
      status: isDone ? "finished" : "queued",
      ...(lane === undefined ? {} : { lane }),
      duplicate: known !== undefined,
      links: { self: path, events: `${path}/events` },
    });
}

/** What would be wrong with a request, without submitting it. @throws InvalidField as the submission would. */
function validate(body: unknown, access: Access): object {
  const { request } = readRequest(body, undefined, access);
  const checked = requestSchema.safeParse(request);
  const problems = checked.error?.issues.map(({ path, message }) => ({ path: path.join("."), message })) ?? [];
  return { valid: checked.success, problems };
}

/** `wait_ms` holds the answer until there is a result, or the time is over. */
async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  tools: RouteTools,
  { queue, submitted }: RequestRouteDependencies,
): Promise<FastifyReply> {
  const ref = refOf(request, tools);
  const waitMs = waitOf(request);
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  const result = waitMs > 0 ? await queue.wait(ref, waitMs, gone.signal) : await queue.find(ref);
  if (result) return sendResult(reply, result);
  if ((await submitted.get(requestKey(ref))) === undefined) return refuseUnknown(request, reply, tools, ref);
  return reply.code(202).header("retry-after", "1").send({ id: ref.requestId, object: "nocp.request", status: "running" });
}

function waitOf({ query }: FastifyRequest): number {
  const checked = z.coerce
    .number()
    .min(0)
    .safeParse((query as { wait_ms?: string }).wait_ms ?? 0);
  if (!checked.success) throw new InvalidField("wait_ms", "must be a number of milliseconds");
  return Math.min(checked.data, longestWaitMs);
}

/** Stages and pieces of the answer from now on, and the result, whenever it came. */
async function follow(
  request: FastifyRequest,
  reply: FastifyReply,
  tools: RouteTools,
  { queue, submitted, keepAliveMs }: RequestRouteDependencies,
): Promise<FastifyReply | undefined> {
  const ref = refOf(request, tools);
  const isKnown = (await submitted.get(requestKey(ref))) !== undefined || (await queue.find(ref)) !== undefined;
  if (!isKnown) return refuseUnknown(request, reply, tools, ref);
  reply.hijack();
  const source = createEventSource(reply.raw, keepAliveMs, identityHeaders(ref.requestId, null));
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  const watch = queue.watch(ref, {
    onStage: (stage, kind, { code, attempt }) => source.send("stage", { stage, kind, attempt, code }),
    onDelta: (delta) => source.send("delta", delta),
  });
  try {
    const result = await queue.wait(ref, longestStreamMs, gone.signal);
    if (result) watch.complete(result);
    if (result) source.send("result", resultBody(result));
  } finally {
    watch.end();
    source.end();
  }
  return undefined;
}

const refuseUnknown = (request: FastifyRequest, reply: FastifyReply, { refuse }: RouteTools, { requestId }: RequestRef) =>
  refuse(request, reply, refusal(404, "NOT_FOUND", `There is no request ${requestId}.`));

const resultBody = (result: NocpResult) => ({
  ...{ id: result.requestId, object: "nocp.request", status: result.status, result },
});

const sendResult = (reply: FastifyReply, result: NocpResult): FastifyReply =>
  reply
    .headers(identityHeaders(result.requestId, result.traceId))
    .type("application/json; charset=utf-8")
    .send(writeJson(resultBody(result)));

/** @throws NocpError INVALID_REQUEST */
function refOf(request: FastifyRequest, { accessOf }: RouteTools): RequestRef {
  const { id } = request.params as { readonly id: string };
  if (!requestIdPattern.test(id)) throw new NocpError("INVALID_REQUEST", "the request's id is not a UUID");
  return { tenant: accessOf(request).tenant, requestId: id.toLowerCase() };
}
