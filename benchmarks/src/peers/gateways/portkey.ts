// Portkey's gateway: a Node process that is told in each call's headers where the model is.
import { join } from "node:path";
import { processEnvironment } from "@nocp/runtime/config/process-environment.ts";
import { type Contender, modelName, upstreamPath } from "./contender.ts";
import { contenderNames } from "./contender-names.ts";
import { httpContender } from "./http-contender.ts";
import { startPeer } from "./start-peer.ts";

/** @param folder of the installed package. @param upstreamUrl of the model's server. */
export async function startPortkey(
  folder: string,
  upstreamUrl: string,
): Promise<{ readonly contender: Contender; stop(): Promise<void> }> {
  const peer = await startPeer({
    name: contenderNames.portkey,
    program: process.execPath,
    args: (port) => [join(folder, "build/start-server.js"), `--port=${port}`, "--headless"],
    readyPath: "/",
    folder,
    // The log that its page shows is off in production.
    environment: { ...processEnvironment(), NODE_ENV: "production" },
  });
  const contender = httpContender(
    contenderNames.portkey,
    () => [peer.processId],
    (delayMs) => ({
      baseUrl: `${peer.url}/v1`,
      model: modelName,
      headers: {
        authorization: "Bearer none",
        "x-portkey-provider": "openai",
        "x-portkey-custom-host": `${upstreamUrl}${upstreamPath(delayMs)}`,
      },
    }),
  );
  return { contender, stop: peer.stop };
}
