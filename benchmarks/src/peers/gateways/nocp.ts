// NOCP in its forms: a process for each stage and all in one, without synced writes and with them, by queue and directly.
import { type Client, createClient } from "@nocp/client/create-client.ts";
import { askOnce, queuedRequest } from "../../load/queued-request.ts";
import { canSync, type Pipeline, startPipeline } from "../../servers/start-pipeline.ts";
import { type Caller, type Contender, chatOf, modelName, upstreamPath } from "./contender.ts";
import { contenderNames } from "./contender-names.ts";
import { httpContender } from "./http-contender.ts";

const providerOf = (delayMs: number): string => `after-${delayMs}`;

/** @param upstreamUrl of the model's server. @param isWanted whether a row is measured; what no row needs is not started. */
export async function startNocp(
  upstreamUrl: string,
  delaysMs: readonly number[],
  isWanted: (name: string) => boolean,
): Promise<{ readonly contenders: readonly Contender[]; stop(): Promise<void> }> {
  const servers = Object.fromEntries(
    delaysMs.map((delayMs) => [providerOf(delayMs), { baseUrl: `${upstreamUrl}${upstreamPath(delayMs)}`, model: modelName }]),
  );
  const environment = { NOCP_PROVIDERS_OPENAI_COMPATIBLE_SERVERS: JSON.stringify(servers), NOCP_GATEWAY_PATH: "auto" };
  const releases: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const release of releases.reverse()) await release();
  };
  const start = async (synced: boolean, chain: boolean): Promise<Pipeline> => {
    const pipeline = await startPipeline(environment, { syncAlways: synced, chain });
    releases.push(pipeline.stop);
    return pipeline;
  };
  const contenders: Contender[] = [];
  const names = contenderNames;
  try {
    if (isWanted(names.direct) || isWanted(names.ask) || isWanted(names.queue)) {
      const five = await start(false, false);
      const client = await createClient({ natsUrl: five.deployment.natsUrl });
      releases.push(client.close);
      contenders.push(gatewayContender(names.direct, five, "direct"));
      contenders.push(askContender(five, client));
      contenders.push(gatewayContender(names.queue, five, "queue"));
    }
    if (isWanted(names.chain)) contenders.push(gatewayContender(names.chain, await start(false, true), "queue"));
    if (canSync() && isWanted(names.queueSynced))
      contenders.push(gatewayContender(names.queueSynced, await start(true, false), "queue"));
    if (canSync() && isWanted(names.chainSynced))
      contenders.push(gatewayContender(names.chainSynced, await start(true, true), "queue"));
    return { contenders: contenders.filter(({ name }) => isWanted(name)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const processIdsOf = ({ deployment: { nats, processes } }: Pipeline): number[] =>
  [nats, ...processes].flatMap((process) => process?.pid ?? []);

function gatewayContender(name: string, pipeline: Pipeline, path: "queue" | "direct"): Contender {
  const [gatewayUrl = ""] = pipeline.deployment.gatewayUrls;
  return httpContender(
    name,
    () => processIdsOf(pipeline),
    (delayMs) => ({
      baseUrl: `${gatewayUrl}/v1`,
      model: `${providerOf(delayMs)}/${modelName}`,
      headers: { "x-nocp-cache": "off", "x-nocp-path": path },
    }),
  );
}

/** The request that the gateway makes of the call, put on the queue by the client itself. */
function askContender(pipeline: Pipeline, client: Client): Contender {
  return {
    name: contenderNames.ask,
    processIds: () => processIdsOf(pipeline),
    callerFor(delayMs): Caller {
      const model = `${providerOf(delayMs)}/${modelName}`;
      const request = queuedRequest(chatOf(model), model);
      return {
        call: () => askOnce(client, request),
        close: () => undefined,
      };
    },
  };
}
