// LiteLLM's proxy with two workers: a model name for each time after which the model's server answers.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processEnvironment } from "@nocp/runtime/config/process-environment.ts";
import type { InstalledPython } from "../install-python-package.ts";
import { type Contender, modelName, upstreamPath } from "./contender.ts";
import { contenderNames, litellmWorkers } from "./contender-names.ts";
import { httpContender } from "./http-contender.ts";
import { startPeer } from "./start-peer.ts";

/** It does not start without one. */
const masterKey = "sk-benchmark";

/** @param upstreamUrl of the model's server. */
export async function startLitellm(
  { python, folder, home }: InstalledPython,
  upstreamUrl: string,
  delaysMs: readonly number[],
): Promise<{ readonly contender: Contender; stop(): Promise<void> }> {
  const modelOf = (delayMs: number) => `after-${delayMs}`;
  const config = {
    model_list: delaysMs.map((delayMs) => ({
      model_name: modelOf(delayMs),
      litellm_params: { model: `openai/${modelName}`, api_base: `${upstreamUrl}${upstreamPath(delayMs)}`, api_key: "none" },
    })),
  };
  mkdirSync(home, { recursive: true });
  // JSON is YAML.
  const configFile = join(home, `config-${process.pid}.yaml`);
  writeFileSync(configFile, JSON.stringify(config));
  const peer = await startPeer({
    name: contenderNames.litellm,
    program: python,
    args: (port) => [
      join(folder, "bin/litellm"),
      ...["--config", configFile, "--host", "127.0.0.1", "--port", String(port), "--num_workers", String(litellmWorkers)],
    ],
    readyPath: "/health/liveliness",
    folder: home,
    environment: {
      ...processEnvironment(),
      HOME: home,
      LITELLM_MASTER_KEY: masterKey,
      LITELLM_MODE: "PRODUCTION",
      LITELLM_LOG: "ERROR",
      LITELLM_LOCAL_MODEL_COST_MAP: "True",
    },
  });
  const contender = httpContender(
    contenderNames.litellm,
    () => [peer.processId],
    (delayMs) => ({ baseUrl: `${peer.url}/v1`, model: modelOf(delayMs), headers: { authorization: `Bearer ${masterKey}` } }),
  );
  return { contender, stop: peer.stop };
}
