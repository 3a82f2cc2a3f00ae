// Structured logs on standard output. Never content: what is logged is chosen field by field, and keys are redacted.
import { type Logger, pino } from "pino";

export function createLogger(level: string, service: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ["*.apiKey", "*.password", "*.token", "*.authorization", "apiKey", "password", "token"],
      censor: "[redacted]",
    },
  });
}
