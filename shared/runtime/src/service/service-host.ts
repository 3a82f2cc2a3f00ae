// The process as a service sees it: where settings come from, what asks it to stop, how it ends. A test has its own.
import type { Logger } from "pino";
import type { ConfigSources } from "../config/load-config.ts";
import { processConfigSources } from "../config/process-environment.ts";
import { createLogger } from "../telemetry/create-logger.ts";

export interface ServiceHost {
  readonly configSources: ConfigSources;
  /** @param exportLines hand each line to OpenTelemetry too. */
  createLogger(level: string, service: string, exportLines: boolean): Logger;
  /** For what is wrong before there is a logger, or after. */
  writeError(line: string): void;
  onStopSignal(listener: () => void): void;
  /** A promise was rejected and nothing handles it. */
  onUnhandledRejection(listener: (thrown: unknown) => void): void;
  onUncaughtException(listener: (thrown: unknown) => void): void;
  exit(code: number): void;
}

export const processHost = (): ServiceHost => ({
  configSources: processConfigSources(),
  createLogger,
  writeError: (line) => void process.stderr.write(`${line}\n`),
  onStopSignal(listener) {
    process.once("SIGTERM", listener);
    process.once("SIGINT", listener);
  },
  onUnhandledRejection: (listener) => void process.on("unhandledRejection", listener),
  onUncaughtException: (listener) => void process.on("uncaughtException", listener),
  exit: (code) => process.exit(code),
});
