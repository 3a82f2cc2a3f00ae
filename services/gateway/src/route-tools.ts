// What routes share: who calls, how a call is refused, and room for it.
import { createRequestId } from "@nocp/contracts/request-id.ts";
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from "fastify";
import type { Admission, AdmittedCall } from "./admission.ts";
import type { Access } from "./authenticate.ts";
import { failureOfResult, type HttpFailure, refusal } from "./http-failure.ts";
import type { GatewayMetrics } from "./metrics.ts";

export type AccessOf = (request: FastifyRequest) => Access;
export type Refuse = (request: FastifyRequest, reply: FastifyReply, failure: HttpFailure) => FastifyReply;

/** @param signal ends when the client is gone, or the gateway cannot wait any longer. */
export type AdmittedHandler = (request: FastifyRequest, reply: FastifyReply, signal: AbortSignal) => Promise<unknown>;

export interface RouteTools {
  readonly accessOf: AccessOf;
  readonly refuse: Refuse;
  /** Options of a route that only keys of operators may call; others are refused before their body is read. */
  readonly operatorsOnly: { readonly onRequest: onRequestAsyncHookHandler; readonly config: { readonly cors: false } };
  /** Adds a route whose calls take room; it is counted under its path. */
  post(path: string, handler: AdmittedHandler): void;
}

/** The service's log, as far as routes write to it. */
export interface WarningLog {
  warn(fields: object, message: string): void;
}

/** Adds what belongs to one purpose to the application. */
export type AddRoutes = (app: FastifyInstance, tools: RouteTools) => void;

export interface RoutingDependencies {
  readonly admission: Admission;
  readonly accessOf: AccessOf;
  readonly refuse: Refuse;
  readonly metrics: GatewayMetrics;
}

export function createRouteTools(app: FastifyInstance, dependencies: RoutingDependencies): RouteTools {
  const { accessOf, refuse, metrics } = dependencies;
  const gate = createGate(dependencies);
  return {
    accessOf,
    refuse,
    operatorsOnly: {
      config: { cors: false },
      onRequest: async (request, reply) => {
        if (accessOf(request).admin) return undefined;
        return refuse(request, reply, refusal(403, "FORBIDDEN", "This endpoint needs an admin key."));
      },
    },
    post(path, handler) {
      app.post(path, { onRequest: gate.onRequest }, async (request, reply) => {
        const startedAt = performance.now();
        const gone = new AbortController();
        reply.raw.once("close", () => {
          gone.abort();
          metrics.finished(path, reply.raw.writableFinished ? reply.statusCode : 499, (performance.now() - startedAt) / 1000);
        });
        return handler(request, reply, AbortSignal.any([gone.signal, gate.callOf(request).signal]));
      });
    },
  };
}

export interface Gate {
  /** A call that cannot be taken is refused before its body is read. */
  readonly onRequest: onRequestAsyncHookHandler;
  callOf(request: FastifyRequest): AdmittedCall;
}

export function createGate({ admission, refuse }: Pick<RoutingDependencies, "admission" | "refuse">): Gate {
  const admitted = new WeakMap<FastifyRequest, AdmittedCall>();
  return {
    async onRequest(request, reply) {
      const call = admission.enter();
      if (!call) return refuse(request, reply.header("connection", "close"), overloaded(admission));
      admitted.set(request, call);
      reply.raw.once("close", call.leave);
    },
    callOf(request) {
      const call = admitted.get(request);
      if (call) return call;
      throw new Error("a call was routed that was not admitted");
    },
  };
}

const overloaded = ({ isDraining }: Admission): HttpFailure =>
  failureOfResult(
    {
      code: "NOT_CONNECTED",
      message: isDraining ? "NOCP's gateway is stopping" : "NOCP's gateway answers as many calls as it can",
      advice: "Try again.",
      retryAfterMs: 1000,
    },
    createRequestId(),
  );
