// What runs of this project, and the NATS server it uses.

import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { hideCredentials } from "@nocp/runtime/config/url-credentials.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { writeProbe } from "@nocp/runtime/transport/broker-watch.ts";
import { freePort } from "../deployment/free-port.ts";
import type { RunState } from "../deployment/run-state.ts";
import { readinessOf } from "../deployment/service-readiness.ts";
import type { LeftoverProcess } from "../deployment/stop-leftovers.ts";
import { isAtLeast, minimumVersion } from "../setup/nats-server/nats-server-version.ts";
import { natsAddressOf, probeNats } from "../setup/nats-server/probe-nats.ts";
import { countOf } from "../terminal/count-of.ts";
import type { Finding } from "./finding.ts";

const probeTimeoutMs = 2000;

/** @param leftovers processes that outlived their `up`. */
export function runFinding(running: RunState | undefined, leftovers: readonly LeftoverProcess[]): Finding {
  const what = "services";
  if (running) {
    const detail = `${countOf(running.processes.length, "process", "processes")} of ./nocp up since ${running.startedAt}`;
    return { what, state: "ok", detail };
  }
  if (leftovers.length === 0) return { what, state: "optional", detail: "not running", advice: "./nocp up starts them" };
  const count = countOf(leftovers.length, "process", "processes");
  const detail = `${count} of a ./nocp up that was killed: ${leftovers.map(({ name }) => name).join(", ")}`;
  return { what, state: "wrong", detail, advice: "./nocp up stops them before it starts" };
}

/** @param ours the process of this project's `up`, running or left over, whose NATS server has the port. */
export async function portFinding(port: number, ours: string | undefined): Promise<Finding> {
  const what = `port ${port}`;
  if ((await freePort(port)) === port) return { what, state: "ok", detail: "free" };
  if (ours !== undefined) return { what, state: "ok", detail: `in use by ${ours}` };
  const advice = "./nocp up chooses another port and says so";
  return { what, state: "optional", detail: "in use by another program", advice };
}

/** @param isNeeded whether a server is meant to be listening there. */
export async function natsFinding(address: string, isNeeded: boolean): Promise<Finding> {
  const what = "NATS";
  const url = hideCredentials(address);
  const greeting = await probeNats(natsAddressOf(address), probeTimeoutMs);
  if (!greeting) {
    return isNeeded
      ? { what, state: "missing", detail: `no NATS server at ${url}`, advice: "Start it, or correct NATS_URL" }
      : { what, state: "optional", detail: "not running", advice: "./nocp up starts it" };
  }
  if (!isNeeded) {
    return {
      what,
      state: "optional",
      detail: `a server that NOCP does not use runs at ${url}`,
      advice: "Set NATS_URL to use it",
    };
  }
  if (!isAtLeast(greeting.version, minimumVersion)) {
    return { what, state: "wrong", detail: `${greeting.version} at ${url}`, advice: `Update it to ${minimumVersion} or newer` };
  }
  if (!greeting.jetstream) {
    return { what, state: "wrong", detail: `${url} has no JetStream`, advice: "Start nats-server with -js" };
  }
  return { what, state: "ok", detail: `${greeting.version} with JetStream at ${url}` };
}

/** What each service of a running `up` says of itself, and whether a power failure can lose accepted requests. */
export async function readinessFindings({ processes }: RunState): Promise<Finding[]> {
  const asked = await Promise.all(
    processes.map(async ({ name, httpUrl }) => ({ name, answer: httpUrl === null ? null : await readinessOf(httpUrl) })),
  );
  const findings = asked.flatMap(({ name, answer }): Finding[] => {
    const what = `service ${name}`;
    if (answer === null) return [];
    if (answer === undefined)
      return [{ what, state: "wrong", detail: "does not answer", advice: "./nocp up starts it again if it died" }];
    if (answer.reason !== undefined) return [{ what, state: "wrong", detail: `not ready: ${answer.reason}` }];
    const recreated = answer.recreated === undefined ? "" : `; recreated: ${answer.recreated}`;
    return [{ what, state: "ok", detail: `ready${recreated}` }];
  });
  const coverage = asked.find(({ answer }) => answer?.powerLoss !== undefined)?.answer?.powerLoss;
  return [...findings, ...(coverage === undefined ? [] : [powerLossFinding(coverage)])];
}

const powerLossFinding = (coverage: string): Finding => ({
  what: "power loss",
  state: coverage === "covered" ? "ok" : "optional",
  detail: coverage,
  ...(coverage === "covered" ? {} : { advice: "docs/reliability.md says what that means" }),
});

/** Whether the server stores what it is given: one whose disk is full answers everything but a write. */
export async function storageFinding(
  connect: (work: (broker: Broker) => Promise<Finding>) => Promise<Finding>,
): Promise<Finding> {
  const what = "storage";
  const advice = "Free disk space; start nats-server again if that does not help";
  try {
    return await connect(async (broker) => {
      await writeProbe({ broker, service: "doctor" });
      return { what, state: "ok", detail: "NATS stores what it is given" };
    });
  } catch (error) {
    return { what, state: "wrong", detail: `NATS stores nothing: ${coerceError(error).message}`, advice };
  }
}

/** Whether the broker tells users apart, without which tenants are a label. @param connect runs the work with a connection. */
export async function tenantsFinding(
  isOwn: boolean,
  connect: (work: (broker: Broker) => Promise<Finding>) => Promise<Finding>,
): Promise<Finding> {
  const what = "tenants";
  try {
    return await connect(async ({ connection }) => {
      if (isOwn) return { what, state: "ok", detail: "kept apart by the NATS server" };
      if (connection.info?.auth_required)
        return { what, state: "optional", detail: "kept apart as far as the NATS server's own users and permissions do" };
      const advice = "docs/security.md says what that means";
      return { what, state: "optional", detail: "not kept apart: the NATS server lets everybody in", advice };
    });
  } catch (error) {
    return { what, state: "wrong", detail: coerceError(error).message };
  }
}

/** Streams and consumers, compared with what the services expect. @param connect runs the work with a connection. */
export async function streamsFinding(
  connect: (work: (broker: Broker) => Promise<Finding>) => Promise<Finding>,
): Promise<Finding> {
  const what = "streams";
  const advice = "./nocp setup --streams creates and updates them; so does every service at its start";
  try {
    return await connect(async (broker) => {
      const changes = await broker.inspect();
      const passing = changes.filter(({ action }) => action === "renew");
      const missing = changes.filter(({ action }) => action === "create").map(({ name }) => name);
      const differing = changes.filter(({ action }) => action === "update" || action === "refused").map(({ name }) => name);
      if (changes.length === 0)
        return { what, state: "ok", detail: "all streams and consumers exist, with the configured limits" };
      if (missing.length > 0) return { what, state: "missing", detail: `missing: ${missing.join(", ")}`, advice };
      if (passing.length > 0) {
        const detail = passing.map(({ name, differences }) => `${name} ${differences.join(", ")}`).join("; ");
        return { what, state: "wrong", detail, advice: "./nocp setup --streams makes it anew" };
      }
      return { what, state: "wrong", detail: `differ from the settings: ${differing.join(", ")}`, advice };
    });
  } catch (error) {
    const reason = error instanceof NocpError ? error.advice : "./nocp doctor --verbose shows more";
    return { what, state: "wrong", detail: `cannot be looked at: ${coerceError(error).message}`, advice: reason };
  }
}
