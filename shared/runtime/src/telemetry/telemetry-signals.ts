// Which signals leave the process, from the settings alone: what is off is neither loaded nor recorded.
import type { SectionValues } from "@nocp/contracts/settings/setting.ts";
import type { telemetrySection } from "../config/sections.ts";

export type TelemetrySettings = SectionValues<typeof telemetrySection>;

export const signals = ["traces", "metrics", "logs"] as const;
export type Signal = (typeof signals)[number];

/**
 * A signal is exported where an exporter is named for it, or an endpoint is set that takes it. OpenTelemetry's own default
 * is to export to a collector on this machine; NOCP exports nothing unless it is told to.
 */
export function isExported(settings: TelemetrySettings, signal: Signal): boolean {
  if (settings.disabled) return false;
  const exporters = settings[`${signal}Exporter`];
  if (exporters !== "") return !exporters.split(",").some((name) => name.trim() === "none");
  if (settings[`${signal}Endpoint`] !== "") return true;
  return settings.otlpEndpoint !== "" && (signal === "traces" || !takesTracesAlone(settings.otlpEndpoint));
}

/** The general endpoint is the collector's base; this one is the full address for traces. */
export const takesTracesAlone = (endpoint: string): boolean => endpoint.endsWith("/v1/traces");
