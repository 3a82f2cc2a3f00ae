// What every service has around its work: settings, logs, traces, metrics, the broker, signals, an orderly end.
import { hostname } from "node:os";
import { inspect } from "node:util";
import { errorNameOf, type NocpError, reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import type { Section } from "@nocp/contracts/settings/setting.ts";
import type { ServiceName } from "@nocp/contracts/topology.ts";
import type { Tracer } from "@opentelemetry/api";
import type { Logger } from "pino";
import { collectDefaultMetrics, Registry } from "prom-client";
import type { z } from "zod";
import { type Config, loadConfig } from "../config/load-config.ts";
import { processConfigSources } from "../config/process-environment.ts";
import { commonSections, httpSection, logSection, messagingSection, natsSection, telemetrySection } from "../config/sections.ts";
import type { ArchiveStore } from "../stores/archive/archive-store.ts";
import type { RecordStore } from "../stores/record-store.ts";
import { createLogger } from "../telemetry/create-logger.ts";
import { startTracing } from "../telemetry/start-tracing.ts";
import { type Broker, openBroker } from "../transport/broker.ts";
import type { SessionStore } from "../transport/session-store.ts";
import { logTopology } from "./log-topology.ts";
import { startOperationsServer } from "./operations-server.ts";
import { createReleaseStack } from "./release-stack.ts";

/** What a service's composition root is given. */
export interface ServiceResources {
  readonly config: Config;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly tracer: Tracer;
  /** Durable records in a bucket of this name. */
  records<T>(bucket: string, schema: z.ZodType<T>): Promise<RecordStore<T>>;
  /** The conversations that all replicas share. */
  sessions(): Promise<SessionStore>;
  /** Originals of what compression removed. */
  readonly archive: ArchiveStore;
  /** Runs once the service takes work: for what may cost a moment, such as loading a vocabulary. */
  onRunning(warmUp: () => void | Promise<void>): void;
  /** Undone in reverse order when the service stops. */
  onRelease(release: () => void | Promise<void>): void;
  /**
   * Asks about every exception that nothing caught whether the process may go on. Where it may not, and in a service
   * that never calls this, it ends the process: whoever supervises it starts it anew.
   */
  onUncaught(maySurvive: (thrown: unknown) => boolean): void;
  /** Drains the service and ends the process with code 1, to be started anew. */
  restart(): void;
}

export interface FrameResources extends ServiceResources {
  readonly broker: Broker;
  readonly settings: Broker["settings"];
}

export interface ServiceWork {
  /** Why no work is taken now; `undefined` when it is. */
  unreadiness(): string | undefined;
  stop(): Promise<void>;
}

export interface FrameOptions {
  readonly service: ServiceName;
  readonly sections: readonly Section[];
  readonly start: (resources: FrameResources) => Promise<ServiceWork>;
}

/** How long a service waits for its broker when both start together. */
const FIRST_CONNECT_TIMEOUT_MS = 60_000;
/** Leaves the processor to the services that are still starting. */
const WARM_UP_AFTER_MS = 1_000;
/** A record is written through an outage of this length. */
const RECORD_PATIENCE_MS = 120_000;

/**
 * Runs a service until SIGTERM or SIGINT, then drains it and ends the process: code 0 after an orderly stop, 1 when
 * the start failed, 2 when the configuration is wrong.
 */
export async function runServiceFrame(options: FrameOptions): Promise<void> {
  const startedAt = performance.now();
  const config = loadConfigOrExit(options);
  const logger = createLogger(config.section(logSection).level, options.service);
  const releases = createReleaseStack(logger);
  const stop = stopOnce(async (exitCode: number) => {
    await releases.releaseAll();
    process.exit(exitCode);
  });
  try {
    const registry = new Registry();
    registry.setDefaultLabels({ service: options.service });
    collectDefaultMetrics({ register: registry });
    const tracing = await startTracing(config.section(telemetrySection), {
      serviceName: options.service,
      version: "0.1.0",
      instanceId: `${hostname()}-${process.pid}`,
    });
    releases.push("tracing", tracing.stop);
    let work: ServiceWork | undefined;
    let broker: Broker | undefined;
    const http = config.section(httpSection);
    const operations = await startOperationsServer({
      ...http,
      registry,
      unreadiness: () => (broker?.connected() === false ? "not connected to NATS" : work ? work.unreadiness() : "starting"),
    });
    releases.push("operations server", operations.close);
    // Listening for signals before the broker is there: a service that waits for it can be stopped.
    // A promise that somebody's tool forgot must not end every other request in this process.
    process.on("unhandledRejection", (error) =>
      logger.error({ error: errorNameOf(error) }, "a promise was rejected and nobody cared"),
    );
    process.once("SIGTERM", () => void stop(0));
    process.once("SIGINT", () => void stop(0));
    const opened = await openBroker({
      nats: config.section(natsSection),
      messaging: config.section(messagingSection),
      name: `nocp-${options.service}`,
      firstConnectTimeoutMs: FIRST_CONNECT_TIMEOUT_MS,
    });
    broker = opened;
    releases.push("broker", opened.close);
    logTopology(await opened.provision(), logger);
    const warmUps: (() => void | Promise<void>)[] = [];
    work = await options.start({
      config,
      logger,
      registry,
      tracer: tracing.tracer,
      broker: opened,
      settings: opened.settings,
      records: (bucket, schema) => opened.records(bucket, schema, RECORD_PATIENCE_MS),
      sessions: () => opened.sessions(RECORD_PATIENCE_MS, opened.settings.provision === "ensure"),
      archive: opened.archive,
      onRunning: (warmUp) => void warmUps.push(warmUp),
      onRelease: (release) => releases.push("resource", release),
      onUncaught: (maySurvive) =>
        void process.on("uncaughtException", (thrown) => {
          if (!maySurvive(thrown)) endAsUncaught(thrown);
        }),
      restart: () => void stop(1),
    });
    releases.push("work", work.stop);
    setTimeout(() => warmUps.forEach((warmUp) => void warmUp()), WARM_UP_AFTER_MS).unref();
    logger.info({ port: operations.port, startMs: Math.round(performance.now() - startedAt) }, "running");
  } catch (error) {
    const reported = reportedErrorOf(error, options.service);
    logger.fatal({ code: reported.code, reason: reported.message, advice: reported.advice }, "start failed");
    await stop(reported.code === "INVALID_CONFIGURATION" ? 2 : 1);
  }
}

function loadConfigOrExit(options: FrameOptions): Config {
  try {
    return loadConfig([...commonSections, ...options.sections], processConfigSources());
  } catch (error) {
    const { code, message } = error as NocpError;
    process.stderr.write(`${options.service}: ${message} (${code})\n`);
    process.exit(2);
  }
}

/** As Node does where nobody listens for what was not caught. */
function endAsUncaught(thrown: unknown): never {
  process.stderr.write(`Uncaught ${inspect(thrown)}\n`);
  process.exit(1);
}

/** The first call does the work, later ones wait for it. */
function stopOnce(work: (exitCode: number) => Promise<void>): (exitCode: number) => Promise<void> {
  let running: Promise<void> | undefined;
  return (exitCode) => {
    running ??= work(exitCode);
    return running;
  };
}
