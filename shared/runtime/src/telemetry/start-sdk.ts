// OpenTelemetry's SDK for Node with NOCP's resource, and without instrumentations: NOCP starts its spans itself.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { DiagLogLevel, diag, logs } from "@opentelemetry/api";
import { setGlobalErrorHandler } from "@opentelemetry/core";
import { defaultResource, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { NodeSDK } from "@opentelemetry/sdk-node";
import type { TelemetryIdentity, TelemetryOptions } from "./telemetry-options.ts";
import type { Signal } from "./telemetry-signals.ts";

export interface SdkOptions extends Pick<TelemetryOptions, "onProblem"> {
  readonly exported: readonly Signal[];
  readonly identity: TelemetryIdentity;
  /** Use the resource detectors that OTEL_NODE_RESOURCE_DETECTORS names, instead of OTEL_RESOURCE_ATTRIBUTES alone. */
  readonly detectsByName: boolean;
}

export interface RunningSdk {
  stop(timeoutMs: number): Promise<void>;
}

/** @throws NocpError INVALID_CONFIGURATION when the SDK refuses its settings. */
export function startSdk({ exported, identity, onProblem, detectsByName }: SdkOptions): RunningSdk {
  try {
    const sdk = new NodeSDK({
      resource: defaultResource().merge(
        resourceFromAttributes({
          "service.namespace": "nocp",
          "service.name": identity.serviceName,
          "service.version": identity.version,
          "service.instance.id": identity.instanceId,
        }),
      ),
      // The SDK's own choice would put the command line into every batch, and another instance id.
      ...(detectsByName ? {} : { resourceDetectors: [envDetector] }),
      // The exporters of what is on come from the environment.
      ...(exported.includes("traces") ? {} : { spanProcessors: [] }),
      ...(exported.includes("metrics") ? {} : { metricReaders: [] }),
      instrumentations: [],
    });
    reportProblems(onProblem);
    sdk.start();
    return { stop: (timeoutMs) => stopWithin(sdk, timeoutMs, onProblem) };
  } catch (error) {
    throw new NocpError("INVALID_CONFIGURATION", `OpenTelemetry: ${(error as Error).message}`, { cause: error });
  }
}

/** Over the console logger, which the SDK would put there for OTEL_LOG_LEVEL. */
function reportProblems(onProblem: (reason: string) => void): void {
  const report = (message: string) => onProblem(message);
  const logger = { error: report, warn: report, info() {}, debug() {}, verbose() {} };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  setGlobalErrorHandler((thrown) => onProblem(reasonOf(thrown)));
}

/** A refused connection has no message of its own, only a code. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { message, code, errors } = thrown as Error & { code?: unknown; errors?: readonly Error[] };
  return message || errors?.[0]?.message || String(code ?? thrown.name);
}

async function stopWithin(sdk: NodeSDK, timeoutMs: number, onProblem: (reason: string) => void): Promise<void> {
  const timeout = Promise.withResolvers<void>();
  const timer = setTimeout(timeout.resolve, timeoutMs);
  // Lines that are logged from now on, about this very shutdown, would only make it complain.
  logs.disable();
  try {
    await Promise.race([sdk.shutdown(), timeout.promise]);
  } catch (error) {
    onProblem(reasonOf(error));
  } finally {
    clearTimeout(timer);
  }
}
