// What every service has around its work: settings, logs, traces, metrics, the broker, signals, an orderly end.
import { hostname } from "node:os";
import { inspect } from "node:util";
import { errorNameOf, type NocpError, reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import type { EventKind } from "@nocp/contracts/event.ts";
import type { Section } from "@nocp/contracts/settings/setting.ts";
import { eventSubject, type ProcessRole, type Stage } from "@nocp/contracts/topology.ts";
import type { Tracer } from "@opentelemetry/api";
import type { Logger } from "pino";
import { collectDefaultMetrics, type Registry } from "prom-client";
import type { z } from "zod";
import { type Config, type ConfigSources, loadConfig } from "../config/load-config.ts";
import { commonSections, httpSection, logSection, messagingSection, natsSection, telemetrySection } from "../config/sections.ts";
import type { ArchiveStore } from "../stores/archive/archive-store.ts";
import type { RecordStore } from "../stores/record-store.ts";
import type { SessionStore } from "../stores/sessions/session-store.ts";
import type { SharedState } from "../stores/shared-state.ts";
import { defineBuildInfo, serviceVersion } from "../telemetry/build-info.ts";
import { createRegistry } from "../telemetry/define-metrics.ts";
import { createProblemCounter, createProblemReport } from "../telemetry/export-problems.ts";
import { startTelemetry } from "../telemetry/start-telemetry.ts";
import { isExported } from "../telemetry/telemetry-signals.ts";
import { type Broker, openBroker } from "../transport/broker.ts";
import { type BrokerWatch, watchBroker } from "../transport/broker-watch.ts";
import { bucketsOf } from "../transport/service-buckets.ts";
import { logTopology } from "./log-topology.ts";
import { startOperationsServer } from "./operations-server.ts";
import { powerLossCoverage } from "./power-loss.ts";
import { createReleaseStack, type ReleaseStack } from "./release-stack.ts";
import { processHost, type ServiceHost } from "./service-host.ts";

/** What a service's composition root is given. */
export interface ServiceResources {
  readonly config: Config;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly tracer: Tracer;
  /** Durable records in a bucket of this name. */
  records<T>(bucket: string, schema: z.ZodType<T>): Promise<RecordStore<T>>;
  /** A secret that all replicas share, made when it is first asked for. @param name what it is for. */
  secret(name: string): Promise<string>;
  /** Small states in a bucket of this name that all replicas change together. */
  sharedState<T>(bucket: string, schema: z.ZodType<T>): Promise<SharedState<T>>;
  /** The same on the disk. @param ttlMs how long a state is kept that nobody changes; 0 for ever. */
  durableState<T>(bucket: string, schema: z.ZodType<T>, ttlMs: number): Promise<SharedState<T>>;
  /** Tells observability of something, best effort. @param stage whose subject it is. */
  sendEvent(stage: Stage, kind: EventKind, body: object): void;
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
  readonly configSources: ConfigSources;
  readonly broker: Broker;
  readonly settings: Broker["settings"];
}

export interface ServiceWork {
  /** Why no work is taken now; `undefined` when it is. */
  unreadiness(): string | undefined;
  stop(): Promise<void>;
}

export interface FrameOptions {
  readonly service: ProcessRole;
  readonly sections: readonly Section[];
  readonly start: (resources: FrameResources) => Promise<ServiceWork>;
}

/** How long a service waits for its broker when both start together. */
const firstConnectTimeoutMs = 60_000;
/** Leaves the processor to the services that are still starting. */
const warmUpAfterMs = 1_000;
/** A record is written through an outage of this length. */
const recordPatienceMs = 120_000;

/**
 * Runs a service until it is asked to stop, then drains it and ends the process: code 0 after an orderly stop, 1 when
 * the start failed, 2 when the configuration is wrong.
 */
export async function runServiceFrame(options: FrameOptions, host: ServiceHost = processHost()): Promise<void> {
  const startedAt = performance.now();
  const config = configOf(options, host);
  if (!config) return host.exit(2);
  const logger = host.createLogger(
    config.section(logSection).level,
    options.service,
    isExported(config.section(telemetrySection), "logs"),
  );
  const releases = createReleaseStack(logger);
  const stop = stopOnce(async (exitCode) => {
    await releases.releaseAll();
    host.exit(exitCode);
  });
  try {
    const port = await startService(options, { host, config, logger, releases, stop });
    logger.info({ port, startMs: Math.round(performance.now() - startedAt) }, "running");
  } catch (error) {
    const reported = reportedErrorOf(error, options.service);
    logger.fatal({ code: reported.code, reason: reported.message, advice: reported.advice }, "start failed");
    await stop(reported.code === "INVALID_CONFIGURATION" ? 2 : 1);
  }
}

interface Frame {
  readonly host: ServiceHost;
  readonly config: Config;
  readonly logger: Logger;
  readonly releases: ReleaseStack;
  readonly stop: (exitCode: number) => Promise<void>;
}

/** @returns the port of /metrics, /healthz and /readyz. */
async function startService(options: FrameOptions, frame: Frame): Promise<number> {
  const { config, releases } = frame;
  const { service } = options;
  const registry = createRegistry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  defineBuildInfo(registry);
  const telemetry = await startTelemetry({
    settings: config.section(telemetrySection),
    identity: { serviceName: service, version: serviceVersion, instanceId: `${hostname()}-${process.pid}` },
    onProblem: createProblemReport(frame.logger, createProblemCounter(registry)),
    dotenv: frame.host.configSources.dotenv,
  });
  releases.push("telemetry", telemetry.stop);
  const sync = config.entries.find(({ path }) => path === "nats.sync");
  const coverage = ({ connection }: Broker) => (sync ? powerLossCoverage(sync, connection.info?.version ?? "0") : "unknown");
  let work: ServiceWork | undefined;
  let watch: BrokerWatch | undefined;
  let broker: Broker | undefined;
  const operations = await startOperationsServer({
    ...config.section(httpSection),
    registry,
    details: () => ({
      powerLoss: broker && coverage(broker),
      recreated: watch?.recreated(),
    }),
    unreadiness: () => {
      if (broker?.connected() === false) return { reason: "not connected to NATS" };
      const reason = work ? work.unreadiness() : "starting";
      return reason === undefined ? watch?.problem() : { reason };
    },
  });
  releases.push("operations server", operations.close);
  // Before the broker is there: a service that waits for it can be stopped.
  listenToProcess(frame);
  broker = await openBroker({
    nats: config.section(natsSection),
    messaging: config.section(messagingSection),
    name: `nocp-${service}`,
    firstConnectTimeoutMs,
    onArchiveDropped: (dropped) =>
      frame.logger.warn(dropped, "the archive is full: its oldest bundles were dropped; messaging.archiveMaxBytes is its limit"),
  });
  releases.push("broker", broker.close);
  logTopology(await broker.provision(), frame.logger);
  broker.expectBuckets(bucketsOf(service));
  const warmUps: (() => void | Promise<void>)[] = [];
  work = await options.start(resourcesOf(broker, registry, telemetry.tracer, frame, warmUps));
  releases.push("work", work.stop);
  watch = watchBroker({
    broker,
    service,
    onRecreated: (names) =>
      frame.logger.warn({ names }, "streams, consumers or buckets were missing or skipped messages, and were recreated"),
    onProblem: ({ reason }) => frame.logger.error({ reason }, "not ready"),
  });
  releases.push("watch of the broker", watch.stop);
  telemetry.exportMetrics(registry);
  setTimeout(() => warmUps.forEach((warmUp) => void warmUp()), warmUpAfterMs).unref();
  return operations.port;
}

function listenToProcess({ host, logger, stop }: Frame): void {
  // A promise that a tool forgot must not end every other request in this process.
  host.onUnhandledRejection((error) => logger.error({ error: errorNameOf(error) }, "unhandled promise rejection"));
  host.onStopSignal(() => void stop(0));
}

const resourcesOf = (
  broker: Broker,
  registry: Registry,
  tracer: Tracer,
  { config, logger, releases, host, stop }: Frame,
  warmUps: (() => void | Promise<void>)[],
): FrameResources => ({
  config,
  logger,
  registry,
  tracer,
  broker,
  configSources: host.configSources,
  settings: broker.settings,
  records: (bucket, schema) => broker.records(bucket, schema, recordPatienceMs),
  secret: (name) => broker.secret(name, recordPatienceMs),
  sharedState: (bucket, schema) => broker.sharedState(bucket, schema),
  durableState: (bucket, schema, ttlMs) => broker.durableState(bucket, schema, ttlMs),
  sendEvent: (stage, kind, body) => {
    // While the connection is away or closes, there is nobody to tell.
    if (broker.connected()) broker.connection.publish(eventSubject(stage, kind), JSON.stringify(body));
  },
  sessions: () => broker.sessions(recordPatienceMs, broker.settings.provision === "ensure"),
  archive: broker.archive,
  onRunning: (warmUp) => void warmUps.push(warmUp),
  onRelease: (release) => releases.push("resource", release),
  onUncaught: (maySurvive) =>
    host.onUncaughtException((thrown) => {
      if (maySurvive(thrown)) return;
      // As Node does where nobody listens for what was not caught.
      host.writeError(`Uncaught ${inspect(thrown)}`);
      host.exit(1);
    }),
  restart: () => void stop(1),
});

/** @returns `undefined` when the settings are wrong; why is written then. */
function configOf({ service, sections }: FrameOptions, host: ServiceHost): Config | undefined {
  try {
    return loadConfig([...commonSections, ...sections], host.configSources);
  } catch (error) {
    const { code, message } = error as NocpError;
    host.writeError(`${service}: ${message} (${code})`);
    return undefined;
  }
}

/** The first call does the work, later ones wait for it. */
function stopOnce(work: (exitCode: number) => Promise<void>): (exitCode: number) => Promise<void> {
  let running: Promise<void> | undefined;
  return (exitCode) => {
    running ??= work(exitCode);
    return running;
  };
}
