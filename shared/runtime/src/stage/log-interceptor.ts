// One line for everything that did not simply succeed. Never content: of an unforeseen error only its name and place.
import type { Logger } from "pino";
import type { Interceptor } from "./stage-attempt.ts";

export function createLogInterceptor(logger: Logger): Interceptor {
  return async (attempt, next) => {
    const settlement = await next(attempt);
    if (settlement.kind === "ack") return settlement;
    const fields = {
      requestId: attempt.addressed.requestId,
      trace_id: attempt.span?.spanContext().traceId,
      span_id: attempt.span?.spanContext().spanId,
      attempt: attempt.number,
      settlement: settlement.kind,
    };
    if (settlement.kind === "retry") {
      logger.warn({ ...fields, delayMs: settlement.delayMs, ...placeOf(settlement.cause) }, "message will be retried");
    } else if (settlement.kind === "wait") {
      logger.debug({ ...fields, delayMs: settlement.delayMs }, "message waits for a quota");
    } else if (settlement.kind === "return") {
      logger.info(fields, "message returned to the queue");
    } else {
      const log = settlement.kind === "dead-letter" ? logger.error.bind(logger) : logger.info.bind(logger);
      log({ ...fields, code: settlement.error.code, ...placeOf(settlement.error.cause) }, "request failed");
    }
    return settlement;
  };
}

/** Name and stack frames, without the message, which may quote content. */
function placeOf(error: unknown): { error?: string; code?: string; at?: string[] } {
  if (!(error instanceof Error)) return {};
  const frames = (error.stack ?? "").split("\n").filter((line) => line.trimStart().startsWith("at "));
  return {
    error: error.name,
    ...("code" in error && typeof error.code === "string" ? { code: error.code } : {}),
    at: frames.slice(0, 4).map((line) => line.trim()),
  };
}
