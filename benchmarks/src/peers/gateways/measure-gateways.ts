// NOCP, Portkey and LiteLLM before one model server, with the server itself as the control.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { gatewayGoals } from "../../reports/gateway-goals.ts";
import { renderGateways } from "../../reports/gateways-text.ts";
import { canSync } from "../../servers/start-pipeline.ts";
import { startSmallServer } from "../../servers/start-server.ts";
import { installLitellm, installPortkey } from "../install-gateways.ts";
import { machineText, type PeerReport, type PeerSetUp, watchLoad } from "../peer-report.ts";
import { compareGateways, type GatewayPlan } from "./compare-gateways.ts";
import { type Contender, modelName, upstreamPath } from "./contender.ts";
import { contenderNames } from "./contender-names.ts";
import { httpContender } from "./http-contender.ts";
import { startLitellm } from "./litellm.ts";
import { startNocp } from "./nocp.ts";
import { startPortkey } from "./portkey.ts";

export interface GatewayOptions extends Omit<GatewayPlan, "concurrencies"> {
  /** Only contenders whose name contains one of these, whatever the case; the control is always there. */
  readonly only?: readonly string[] | undefined;
}

/** One call after the other, and as many at once as gateways are usually measured with. */
const concurrencies = [1, 64] as const;

/** @throws NocpError USAGE when nobody is left; MISSING_DEPENDENCY when a peer cannot be installed or does not start. */
export async function measureGateways(options: GatewayOptions, setUp: PeerSetUp): Promise<PeerReport> {
  const isWanted = (name: string) => options.only?.some((part) => name.toLowerCase().includes(part.toLowerCase())) ?? true;
  if (!Object.values(contenderNames).some(isWanted)) {
    const advice = `Choose from ${Object.values(contenderNames).join("; ")}`;
    throw new NocpError("USAGE", "--only leaves nobody to compare", { advice });
  }
  const portkey = isWanted(contenderNames.portkey) ? await installPortkey(setUp) : undefined;
  const litellm = isWanted(contenderNames.litellm) ? await installLitellm(setUp) : undefined;
  const upstream = await startSmallServer("model-server");
  const releases: (() => Promise<void> | void)[] = [upstream.stop];
  const { upstreamDelaysMs } = options;
  try {
    const contenders: Contender[] = [controlOf(upstream.url)];
    setUp.onStep("starting the gateways");
    if (portkey) {
      const { contender, stop } = await startPortkey(portkey, upstream.url);
      contenders.push(contender);
      releases.push(stop);
    }
    if (litellm) {
      const { contender, stop } = await startLitellm(litellm, upstream.url, upstreamDelaysMs);
      contenders.push(contender);
      releases.push(stop);
    }
    const nocp = await startNocp(upstream.url, upstreamDelaysMs, isWanted);
    releases.push(nocp.stop);
    contenders.push(...nocp.contenders);
    const loadOf = watchLoad();
    const figures = await compareGateways(contenders, { ...options, concurrencies }, setUp.onStep);
    const goals = gatewayGoals(figures);
    const notes = notesOf(options, loadOf());
    return {
      text: renderGateways(figures, goals, notes),
      report: { machine: machineText(), plan: options, figures, goals, notes },
      hasErrors: figures.some(({ errors }) => Object.keys(errors).length > 0),
    };
  } finally {
    for (const release of releases.reverse()) await release();
  }
}

const controlOf = (upstreamUrl: string): Contender =>
  httpContender(
    contenderNames.control,
    () => [],
    (delayMs) => ({ baseUrl: `${upstreamUrl}${upstreamPath(delayMs)}`, model: modelName }),
  );

const notesOf = (
  { rounds, seconds, warmUpSeconds }: GatewayOptions,
  load: { readonly before: number; readonly after: number },
): string[] => [
  `Everyone takes turns of ${seconds} s, ${rounds} of them for each row, after ${warmUpSeconds} s that are not counted, on the machine that the calls and the model's server run on, too.`,
  "Added: p50 over that of the model's server asked directly. First piece: p50 of streamed answers, one at a time. \"CPU ms\" is the processor time of all processes of a contender for a call, the broker's included.",
  "NOCP runs with its default settings, but for the path of the calls and, where a row does not say synced, for the broker, which then answers before it has written to the disk. The direct path is taken by the gateway of the five processes. ask() puts the same request on the queue without HTTP.",
  ...(canSync() ? [] : ["This nats-server cannot sync every write: the rows of the safe default are missing."]),
  `${machineText()}; load average ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after.`,
];
