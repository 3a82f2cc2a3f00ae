// The settings every service shares.

import { cacheTtls, promptCacheModes } from "@nocp/contracts/prompt.ts";
import { defineSection, type SectionValues, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";

const KiB = 1024;
const MiB = 1024 * KiB;
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

export const natsSection = defineSection("nats", {
  url: setting(z.string(), "nats://127.0.0.1:4222", "Servers to connect to, separated by commas.", { aliases: ["NATS_URL"] }),
  user: setting(z.string(), "", "User name; empty for none.", { aliases: ["NATS_USER"] }),
  password: setting(z.string(), "", "Password of the user.", { aliases: ["NATS_PASSWORD"], secret: true }),
  passwordFile: setting(z.string(), "", "Path of a file with the password, read at each connection; empty for none.", {
    aliases: ["NATS_PASSWORD_FILE"],
  }),
  token: setting(z.string(), "", "Token; empty for none.", { aliases: ["NATS_TOKEN"], secret: true }),
  credentialsFile: setting(z.string(), "", "Path of a .creds file; empty for none.", { aliases: ["NATS_CREDS"] }),
  nkeyFile: setting(z.string(), "", "Path of a file with the seed of an NKey; empty for none.", { aliases: ["NATS_NKEY"] }),
  inboxPrefix: setting(
    z.string().regex(/^[\w-]*(\.[\w-]+)*$/, "must be a subject without wildcards"),
    "",
    "Prefix of the subjects on which replies arrive, for users that may subscribe only to those; empty: derived from the user name for users that NOCP created, otherwise _INBOX.",
  ),
  sync: setting(
    z.enum(["always", "periodic"]),
    "always",
    "always: ./nocp up starts NATS so that a message is on the disk before it is acknowledged. periodic: more requests per second with models that answer at once, but a power failure loses what NATS accepted in the last minutes. If you run your own NATS server, set this to match its sync_interval: services report it in /readyz.",
  ),
  replicas: setting(z.int().min(1).max(5), 1, "Copies of every stream: 1 on one server, 3 on a cluster."),
});

export const messagingSection = defineSection("messaging", {
  provision: setting(
    z.enum(["ensure", "verify", "await"]),
    "ensure",
    "ensure: a starting service creates missing streams; verify: it only checks them; await: it waits for them.",
  ),
  concurrency: setting(z.int().min(1).max(1024), 64, "Messages that a service processes at once, in both lanes together."),
  batchShare: setting(
    z.number().gt(0).max(1),
    0.25,
    "Share of the concurrency that is reserved for the batch lane under interactive load.",
  ),
  maxAttempts: setting(z.int().min(1).max(100), 5, "Maximum number of attempts before a message is dead-lettered."),
  ackWaitMs: setting(
    z.int().min(1000),
    20 * second,
    "Lease of a delivery, renewed while its handler runs; when it ends, another replica takes over the work of a killed service.",
  ),
  retryBaseMs: setting(
    z.int().min(1),
    500,
    "First wait before a retry, in milliseconds; doubles with each attempt, with jitter.",
  ),
  retryMaxMs: setting(
    z.int().min(1),
    30 * second,
    "Longest wait before a retry, in milliseconds, unless the error asks for more.",
  ),
  gracePeriodMs: setting(z.int().min(0), 20 * second, "How long a stopping service lets handlers finish before it aborts them."),
  defaultTimeoutMs: setting(z.int().min(1), 5 * minute, "Deadline of requests that name none, in milliseconds from acceptance."),
  maxRequestBytes: setting(z.int().min(1024), 16 * MiB, "Largest request body accepted, in bytes."),
  duplicateWindowMs: setting(z.int().min(second), 2 * minute, "How long a stream remembers message ids."),
  streamMaxMessages: setting(z.int().min(1), 100_000, "Messages that the stream of a stage holds before it refuses more."),
  streamMaxBytes: setting(z.int().min(MiB), 4096 * MiB, "Bytes that the stream of a stage holds before it refuses more."),
  streamMaxAgeMs: setting(z.int().min(minute), 24 * hour, "How long unprocessed messages are kept."),
  resultsMaxAgeMs: setting(z.int().min(minute), 24 * hour, "How long results are kept for late readers."),
  eventsMaxAgeMs: setting(z.int().min(minute), 24 * hour, "How long events wait for observability."),
  deadLetterMaxAgeMs: setting(z.int().min(minute), 14 * 24 * hour, "How long dead letters are kept."),
  recordTtlMs: setting(z.int().min(minute), 24 * hour, "How long completions and attempt counts are remembered."),
  sessionTtlMs: setting(
    z.int().min(0),
    30 * 24 * hour,
    "How long a turn of a session is kept, and its head after the last change, in milliseconds; 0 for ever.",
  ),
  claimTtlMs: setting(z.int().min(minute), 48 * hour, "How long the stored body of a large message is kept."),
  archiveMaxBytes: setting(
    z.int().min(0),
    4096 * MiB,
    "Bytes that archived originals may take together; a full archive drops the oldest and logs it. 0 for no limit.",
  ),
  archiveTtlMs: setting(z.int().min(minute), 7 * 24 * hour, "How long archived originals can be fetched."),
});

export type MessagingSettings = SectionValues<typeof messagingSection>;

export const promptCacheSection = defineSection("promptCache", {
  mode: setting(
    z.enum(promptCacheModes),
    "auto",
    "How vendors' prompt caches are used. auto: NOCP marks the parts of a prompt that later requests repeat, if the vendor supports marks, and sends a cache key if it supports one; marks: only the marks in requests are sent; off: no marks are sent.",
  ),
  ttl: setting(
    z.enum(cacheTtls),
    "5m",
    "How long the vendor should keep what NOCP marks, if it supports a choice. An hour costs more to write.",
  ),
});
export type PromptCacheSettings = SectionValues<typeof promptCacheSection>;

/** Text with a space, or with a scheme and nothing behind it, is no address; a host and port without a scheme is one to gRPC. */
const isEndpoint = (text: string): boolean => text === "" || URL.canParse(text) || /^[\w.-]+(:\d+)?(\/\S*)?$/.test(text);
const endpoint = (what: string, variable: string) =>
  setting(z.string().refine(isEndpoint, "must be an address such as http://127.0.0.1:4318"), "", what, { aliases: [variable] });
const exporter = (signal: string, variable: string) =>
  setting(z.string(), "", `Exporter of ${signal}: otlp, console or none; empty for otlp where an endpoint is set.`, {
    aliases: [variable],
  });

export const telemetrySection = defineSection("telemetry", {
  otlpEndpoint: endpoint(
    "OpenTelemetry collector for traces, metrics and logs, e.g. http://127.0.0.1:4318; empty for none.",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
  ),
  tracesEndpoint: endpoint("Full address for traces alone.", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"),
  metricsEndpoint: endpoint("Full address for metrics alone.", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"),
  logsEndpoint: endpoint("Full address for logs alone.", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"),
  tracesExporter: exporter("traces", "OTEL_TRACES_EXPORTER"),
  metricsExporter: exporter("metrics", "OTEL_METRICS_EXPORTER"),
  logsExporter: exporter("logs", "OTEL_LOGS_EXPORTER"),
  protocol: setting(z.enum(["http/protobuf", "http/json", "grpc"]), "http/protobuf", "Protocol of the endpoint.", {
    aliases: ["OTEL_EXPORTER_OTLP_PROTOCOL"],
  }),
  disabled: setting(z.boolean(), false, "Export nothing, whatever else is set.", { aliases: ["OTEL_SDK_DISABLED"] }),
  sampleRatio: setting(z.number().min(0).max(1), 1, "Share of traces that are recorded, unless OTEL_TRACES_SAMPLER is set."),
  recordContent: setting(z.boolean(), false, "Record prompts and answers in spans. They may contain personal data."),
  formerNames: setting(
    z.boolean(),
    false,
    "Write the former names of attributes of provider calls beside the current ones: gen_ai.system, gen_ai.usage.prompt_tokens, gen_ai.usage.completion_tokens, gen_ai.usage.cache_creation.input_tokens.",
  ),
  labelValueLimit: setting(
    z.int().min(1).max(10_000),
    100,
    "Maximum number of values of a metric label, e.g. models; all others are counted as `other`.",
  ),
});

export const logSection = defineSection("log", {
  level: setting(z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]), "info", "Lowest level that is logged."),
});

export const httpSection = defineSection("http", {
  host: setting(z.string(), "127.0.0.1", "Address that /metrics, /healthz and /readyz listen on."),
  port: setting(z.int().min(0).max(65535), 0, "Port that they listen on; 0 for any free port."),
});

/** Not every service's: of those that read a caller's JSON Schema. */
export const outputSchemaSection = defineSection("outputSchema", {
  maxBytes: setting(z.int().min(1), 256 * KiB, "Largest output.schema that is compiled, in bytes of JSON."),
  cacheSize: setting(z.int().min(1), 256, "Number of compiled schemas to cache."),
  timeoutMs: setting(
    z.int().min(1),
    2 * second,
    "Longest time for compiling a schema or checking an answer against it, in milliseconds.",
  ),
});

/** What every service loads beside its own. */
export const commonSections = [natsSection, messagingSection, telemetrySection, logSection, httpSection] as const;
