// Puts a request onto the queue.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import { encodeJson } from "@nocp/contracts/json/encode-json.ts";
import { isNestedDeeper, maxJsonDepth } from "@nocp/contracts/json-depth.ts";
import { type NocpRequestInput, requestSchema } from "@nocp/contracts/request.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import { type GiveUp, giveUpAfter } from "@nocp/contracts/retry.ts";
import { factSubject, type Lane, requestKey } from "@nocp/contracts/topology.ts";
import { traceIdOf } from "@nocp/runtime/stage/message-headers.ts";
import { destinationTemplate } from "@nocp/runtime/stage/trace-interceptor.ts";
import type { PublishOutcome } from "@nocp/runtime/stage/transport.ts";
import { startPublishSpan } from "@nocp/runtime/telemetry/publish-span.ts";
import type { CallerBroker } from "@nocp/runtime/transport/caller-broker.ts";
import { type Context, ROOT_CONTEXT, type Tracer, trace } from "@opentelemetry/api";
import { foreignTenantError } from "./refuse-foreign-tenant.ts";

/** A request that the queue has stored. */
export interface Submitted {
  /** The id that it runs under: the request's own, or a new one. */
  readonly requestId: string;
  /** The lane that it waits in. */
  readonly lane: Lane;
  /** Of the span this caller recorded; without a tracer of its own, the first service begins the trace. */
  readonly traceId: string | null;
  /** The request was already queued. */
  readonly duplicate: boolean;
}

const submitTimeoutMs = 10_000;

/**
 * Resolves when the broker has stored the request: from then on it ends in a result, whatever crashes.
 * @param parent the trace that the request becomes a part of, where the caller records one.
 * @throws NocpError INVALID_REQUEST, REQUEST_TOO_LARGE, QUEUE_FULL, PUBLISH_FAILED, NOT_PROVISIONED; NOT_AUTHORIZED for the tenant of
 * another user.
 */
export async function submitRequest(
  broker: CallerBroker,
  tracer: Tracer | undefined,
  input: NocpRequestInput & { readonly tenant: string },
  parent: Context = ROOT_CONTEXT,
): Promise<Submitted> {
  if (isNestedDeeper(input, maxJsonDepth))
    throw new NocpError("INVALID_REQUEST", `the request is nested more than ${maxJsonDepth} levels deep`);
  const checked = requestSchema.safeParse(input);
  if (!checked.success) throw new NocpError("INVALID_REQUEST", describeProblems(checked.error));
  const requestId = checked.data.requestId ?? createRequestId();
  const lane = checked.data.lane ?? "interactive";
  const body = encodeJson({ ...input, requestId });
  if (body.byteLength > broker.settings.maxRequestBytes) {
    throw new NocpError(
      "REQUEST_TOO_LARGE",
      `the request has ${body.byteLength} bytes; the limit is ${broker.settings.maxRequestBytes}`,
    );
  }
  const address = { tenant: checked.data.tenant, lane, requestId };
  const subject = factSubject("request.submitted", address);
  const messageId = requestKey(address);
  const template = destinationTemplate("request.submitted");
  const span = tracer
    ? startPublishSpan(tracer, template, { subject, messageId, body }, parent, { "nocp.request.id": requestId })
    : undefined;
  // Without a span nothing is sent of a trace: an unsampled parent would keep the services from recording theirs.
  const context = span ? trace.setSpan(parent, span) : ROOT_CONTEXT;
  try {
    const publication = { subject, tenant: address.tenant, body, messageId, traceContext: context };
    const outcome = await publishUnlessForeign(broker, publication);
    return { requestId, lane, duplicate: outcome !== "stored", traceId: traceIdOf(context) };
  } catch (error) {
    throw await explained(broker, error);
  } finally {
    span?.end();
  }
}

/** Waits out what may pass. @throws NocpError NOT_AUTHORIZED, once the first try shows that the tenant is not the user's. */
async function publishUnlessForeign(
  broker: CallerBroker,
  publication: Parameters<CallerBroker["publisher"]["publish"]>[0],
): Promise<PublishOutcome["outcome"]> {
  const patience = giveUpAfter(submitTimeoutMs);
  let foreign: NocpError | undefined;
  const until: GiveUp = {
    get aborted() {
      return foreign !== undefined || patience.aborted;
    },
  };
  const onDelay = async () => {
    foreign = await foreignTenantError(broker, publication.tenant);
  };
  try {
    return (await broker.publisher.publish({ ...publication, onDelay }, until)).outcome;
  } catch (error) {
    throw foreign ?? error;
  }
}

async function explained(broker: CallerBroker, error: unknown): Promise<unknown> {
  if (!(error instanceof NocpError) || error.code !== "PUBLISH_FAILED" || !broker.connected()) return error;
  const missing = await broker.inspect().catch(() => []);
  const first = missing.find((change) => change.action === "create");
  return first ? new NocpError("NOT_PROVISIONED", `the ${first.kind} ${first.name} does not exist`) : error;
}
