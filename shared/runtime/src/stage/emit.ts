// Publishing what a handler returned, and the results of requests that failed (M2).
import { randomUUID } from "node:crypto";
import type { StageRecord } from "@nocp/contracts/accounting.ts";
import { encodeJson } from "@nocp/contracts/json/encode-json.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import type { GiveUp } from "@nocp/contracts/retry.ts";
import { factSubject, type RequestRef, resultSubject, type Stage } from "@nocp/contracts/topology.ts";
import { context as activeContext, type Context, type Tracer, trace } from "@opentelemetry/api";
import { startPublishSpan } from "../telemetry/publish-span.ts";
import type { Decoded } from "./decode-message.ts";
import type { Emission } from "./handler.ts";
import type { Handover, HandoverEnd } from "./handover.ts";
import { mayRepeatHeader } from "./message-headers.ts";
import { emissionId } from "./message-id.ts";
import { destinationTemplate } from "./trace-interceptor.ts";
import { createTransactionBatch } from "./transaction-batch.ts";
import type { Publication, PublishOutcome, StageTransport } from "./transport.ts";

/** Of a result's message. */
interface ResultMessage {
  readonly messageId: string;
  readonly mayBeRepeated: boolean;
}

/** What emissions are made of: an attempt's input. */
export interface EmissionInput {
  readonly decoded: Decoded;
  readonly record: StageRecord;
  /** The input may have been handled before, so what is made of it may be a copy, and says so (M2). */
  readonly mayBeRepeated: boolean;
  /** Of the input's own span: nothing is published that would have one. */
  readonly traceContext: Context;
  readonly mayBeRedelivered: boolean;
  readonly lostStarts: number;
}

export interface Emitter {
  /** Whether what failed can be sent again later: not where a caller of this process waits, who is told of it. */
  readonly keepsDeadLetters: boolean;
  /**
   * Publishes all emissions of one input and waits for every acknowledgement; hands over those whose stage runs here.
   * @returns how the latter end.
   */
  emit(emissions: readonly Emission[], input: EmissionInput, until: GiveUp): Promise<readonly Promise<HandoverEnd>[]>;
  /** Publishes a result and its transaction; when the request has a result already, that one stands. */
  emitResult(result: NocpResult, message: ResultMessage, until: GiveUp): Promise<void>;
  /**
   * Of a request whose result is stored: publishes its transaction, which may not be.
   * @returns whether there is a result.
   */
  emitStanding(request: RequestRef): Promise<boolean>;
  publish(template: string, publication: Omit<Publication, "traceContext">, until: GiveUp): Promise<PublishOutcome>;
}

export function createEmitter(stage: Stage, transport: StageTransport, tracer: Tracer): Emitter {
  const publish: Emitter["publish"] = async (template, publication, until) => {
    const parent = activeContext.active();
    const span = startPublishSpan(tracer, template, publication, parent);
    try {
      return await transport.publish({ whenFull: "wait", ...publication, traceContext: trace.setSpan(parent, span) }, until);
    } finally {
      span.end();
    }
  };

  const results = createResultEmitter(stage, transport, publish);

  return {
    keepsDeadLetters: transport.answer === undefined,
    publish,
    ...results,
    async emit(emissions, input, until) {
      const { decoded, record, mayBeRepeated } = input;
      const { requestId, lane, submittedAt, deadlineAt } = decoded;
      const headers = mayBeRepeated ? { [mayRepeatHeader]: "1" } : {};
      const carried = { v: 1, requestId, lane, submittedAt, deadlineAt, journey: [...journeyOf(decoded), record] };
      const handovers: Promise<HandoverEnd>[] = [];
      await Promise.all(
        emissions.map((emission, index) => {
          const messageId = emissionId(decoded.messageId, stage, index);
          if (emission.fact === "response.ready") return results.emitResult(emission.body, { messageId, mayBeRepeated }, until);
          const content = { ...emission.body, ...carried };
          if (transport.handOver) {
            handovers.push(transport.handOver(handoverOf(emission, { content, messageId, input })));
            return undefined;
          }
          const subject = factSubject(emission.fact, decoded);
          return publish(
            destinationTemplate(emission.fact),
            {
              subject,
              tenant: decoded.tenant,
              body: encodeJson(content),
              messageId,
              headers,
              onDelay: emission.onDelay,
            },
            until,
          );
        }),
      );
      return handovers;
    },
  };
}

/** What an emission is handed over as where its stage runs in this process. */
function handoverOf(
  { fact, onDelay }: Exclude<Emission, { readonly fact: "response.ready" }>,
  { content, messageId, input }: { readonly content: object; readonly messageId: string; readonly input: EmissionInput },
): Handover {
  const { decoded, traceContext, mayBeRepeated, mayBeRedelivered, lostStarts } = input;
  const { tenant, lane, requestId } = decoded;
  const address = { tenant, lane, requestId };
  return { fact, address, content, messageId, traceContext, mayBeRepeated, mayBeRedelivered, lostStarts, onDelay };
}

/** Publishes results, each with the transaction of the result that stands. */
function createResultEmitter(
  stage: Stage,
  transport: StageTransport,
  publish: Emitter["publish"],
): Pick<Emitter, "emitResult" | "emitStanding"> {
  const transactions = createTransactionBatch(transport.publish, stage, randomUUID);

  /** @returns the result that stands. */
  const publishResult = async (result: NocpResult, { messageId, mayBeRepeated }: ResultMessage, until: GiveUp) => {
    const answered = transport.answer?.(result);
    if (answered) return answered;
    const ref = { tenant: result.tenant, requestId: result.requestId };
    // Whoever listens on the subject is pushed what is published there, also what the stream then refuses.
    const earlier = mayBeRepeated ? await transport.resultOf(ref) : undefined;
    if (earlier) return earlier;
    const { outcome } = await publish(
      destinationTemplate("response.ready"),
      { subject: resultSubject(ref), tenant: ref.tenant, body: encodeJson(result), messageId, onlyFirst: true },
      until,
    );
    return outcome === "superseded" ? ((await transport.resultOf(ref)) ?? result) : result;
  };

  return {
    async emitResult(result, message, until) {
      // The bill must be the one of the result that stands. Bookkeeping, not a step of the request: it gets no span.
      await transactions.add(await publishResult(result, message, until));
    },
    async emitStanding(request) {
      const standing = await transport.resultOf(request);
      if (standing) await transactions.add(standing);
      return standing !== undefined;
    },
  };
}

/** The records of the stages before this one. */
export const journeyOf = (decoded: Decoded | undefined): StageRecord[] =>
  decoded && decoded.message.fact !== "request.submitted" ? decoded.message.body.journey : [];
