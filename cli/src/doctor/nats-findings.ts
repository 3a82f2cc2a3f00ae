// nats-server, and the NATS that is in use.
import { hideCredentials } from "@nocp/runtime/config/url-credentials.ts";
import type { Machine } from "../setup/machine.ts";
import { findNatsServer, installAdvice, natsServerSources } from "../setup/nats-server/find-nats-server.ts";
import { isAtLeast, minimumVersion } from "../setup/nats-server/nats-server-version.ts";
import { natsAddressOf, probeNats } from "../setup/nats-server/probe-nats.ts";
import type { Finding } from "./finding.ts";

const probeTimeoutMs = 2000;

/** Looks without downloading anything. @param isExternal whether a NATS somewhere else is configured. */
export async function natsServerFinding(machine: Machine, isExternal: boolean): Promise<Finding> {
  const what = "nats-server";
  try {
    const found = await findNatsServer(
      machine,
      natsServerSources.filter(({ fetches }) => !fetches),
    );
    if (found) {
      const where = found.program.kind === "binary" ? found.program.path : found.program.image;
      return { what, state: "ok", detail: `${found.version} ${found.origin}: ${where}` };
    }
  } catch (error) {
    return { what, state: "wrong", detail: (error as Error).message, advice: "Correct NATS_SERVER_BIN, or unset it" };
  }
  if (isExternal) return { what, state: "optional", detail: "not here, and not needed with an external NATS" };
  const advice = `Run ./nocp setup, which fetches one. ${installAdvice(machine.platform)}`;
  return { what, state: "missing", detail: `none of ${minimumVersion} or newer`, advice };
}

/** @param isNeeded whether somebody is meant to be listening there. */
export async function natsFinding(address: string, isNeeded: boolean): Promise<Finding> {
  const what = "NATS";
  const url = hideCredentials(address);
  const greeting = await probeNats(natsAddressOf(address), probeTimeoutMs);
  if (!greeting) {
    return isNeeded
      ? { what, state: "missing", detail: `nobody answers at ${url}`, advice: "Start it, or correct NATS_URL" }
      : { what, state: "optional", detail: "not running", advice: "./nocp up starts it" };
  }
  if (!isAtLeast(greeting.version, minimumVersion)) {
    return { what, state: "wrong", detail: `${greeting.version} at ${url}`, advice: `Update it to ${minimumVersion} or newer` };
  }
  if (!greeting.jetstream) {
    return { what, state: "wrong", detail: `${url} has no JetStream`, advice: "Start nats-server with -js" };
  }
  return { what, state: "ok", detail: `${greeting.version} with JetStream at ${url}` };
}
