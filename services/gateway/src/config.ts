// The settings of the gateway.
import { gatewayCompressionModes, gatewayPathSettings } from "@nocp/contracts/gateway-key.ts";
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";
import { originSchema } from "./allow-origins.ts";

const second = 1000;
const day = 24 * 3600 * second;
const MiB = 1024 * 1024;

export const gatewaySection = defineSection("gateway", {
  host: setting(
    z.string().min(1),
    "127.0.0.1",
    "Address that the HTTP API listens on; without keys it must be a loopback address.",
  ),
  port: setting(
    z.int().min(0).max(65535),
    4000,
    "Port that it listens on; 0 for any free port. ./nocp up takes a free one when it is in use.",
  ),
  apiKey: setting(z.string(), "", "A key with all rights, beside those of ./nocp keys; empty for none.", { secret: true }),
  allowAnonymous: setting(
    z.boolean(),
    false,
    "Answer calls without a key on any address as long as there are no keys, e.g. in a container whose port is published to loopback only.",
  ),
  corsOrigins: setting(
    z.array(originSchema),
    [],
    "Web pages that may call the HTTP API from a browser, by their origins, e.g. https://app.example.com; * for all, which then need a key. None unless listed. The endpoints for operators are never open to them.",
  ),
  compression: setting(
    z.enum(gatewayCompressionModes),
    "lossless",
    "Compression of calls without x-nocp-compression. off: the provider receives what the client sent; lossless: tool results are written in fewer tokens, and nothing is removed; auto: the context is cut down to what the answer needs.",
  ),
  tools: setting(
    z.array(z.string().min(1)),
    ["context.retrieve"],
    "NOCP's tools that calls may offer to the model with x-nocp-tools: names, server.* for all tools of an MCP server, or * for any.",
  ),
  path: setting(
    z.enum(gatewayPathSettings),
    "queue",
    "Which way calls take. queue: through the queue; direct: from stage to stage in the gateway's process, which then needs the settings and keys of all stages, unless the call needs the queue; auto: directly while there is room.",
  ),
  directConcurrency: setting(
    z.int().min(1),
    512,
    "Maximum number of calls on the direct path at once; further ones take the queue, or get status 503 if gateway.path is direct.",
  ),
  models: setting(
    z.array(z.string()),
    [],
    "Further models that GET /v1/models lists, as provider/model; calls may name any model.",
  ),
  webhookHosts: setting(
    z.record(z.string(), z.array(z.string())),
    {},
    "By tenant, * for all: hosts that webhooks may be sent to, as in act.httpHosts. None unless listed.",
  ),
  webhookAllowPrivate: setting(
    z.array(z.string()),
    [],
    "Webhook hosts that may have private addresses, e.g. on this machine or network.",
  ),
  webhookAttempts: setting(
    z.int().min(1).max(50),
    12,
    "Maximum number of attempts to deliver a webhook; with growing pauses, 12 attempts take about two hours.",
  ),
  embeddings: setting(
    z.enum(["auto", "openai", "openai-compatible"]),
    "auto",
    "Provider of embeddings for model names without a provider; auto: OpenAI if it has a key, else providers.openai-compatible.",
  ),
  maxFileBytes: setting(z.int().min(1024), 200 * 1000 * 1000, "Largest file of POST /v1/files, in bytes."),
  fileTtlMs: setting(
    z.int().min(3600 * second),
    30 * day,
    "How long files and batches are kept, in milliseconds. Files may ask for a shorter time.",
  ),
  batchMaxLines: setting(z.int().min(1), 50_000, "Maximum number of lines in a batch."),
  batchLinesAtOnce: setting(z.int().min(1).max(1000), 64, "Lines of one batch that are queued or running at once."),
  maxConcurrent: setting(z.int().min(1), 1024, "Maximum number of open calls; further ones get status 503."),
  maxBodyBytes: setting(
    z.int().min(1024),
    16 * MiB,
    "Largest body of a call, in bytes. The queue's own limit is messaging.maxRequestBytes.",
  ),
  timeoutMs: setting(z.int().min(second), 600 * second, "Deadline of calls that set none, in milliseconds."),
  keepAliveMs: setting(
    z.int().min(100),
    15 * second,
    "Time without a piece of the answer after which a stream sends a keep-alive.",
  ),
  stalledClientMs: setting(
    z.int().min(second),
    120 * second,
    "How long a client may stop reading its stream before its call is cancelled.",
  ),
});
