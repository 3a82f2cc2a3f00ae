// OpenTelemetry's SDK reads its settings from the process's environment: this puts ours there.
import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/**
 * Call it before the SDK is loaded.
 * @param wanted decides over what the environment says.
 * @param defaults hold where the environment says nothing.
 * @param dotenv a file whose OTEL_* variables hold like those of the environment, e.g. OTEL_EXPORTER_OTLP_HEADERS.
 */
export function prepareOtelEnvironment(
  wanted: Readonly<Record<string, string>>,
  defaults: Readonly<Record<string, string>>,
  dotenv?: string,
): void {
  const { env } = process;
  const file = dotenv !== undefined && existsSync(dotenv) ? parseEnv(readFileSync(dotenv, "utf8")) : {};
  for (const [name, value] of Object.entries(file)) if (name.startsWith("OTEL_")) env[name] ||= value;
  Object.assign(env, wanted);
  for (const [name, value] of Object.entries(defaults)) env[name] ||= value;
}

/** Whether the environment names resource detectors: those that it names are used then. */
export const namesResourceDetectors = (): boolean => (process.env.OTEL_NODE_RESOURCE_DETECTORS ?? "") !== "";
