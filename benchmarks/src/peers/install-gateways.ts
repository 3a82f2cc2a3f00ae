// The gateways that NOCP's is compared with: Portkey from npm, LiteLLM from PyPI.
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRunTool } from "@nocp/cli/setup/run-tool.ts";
import { processEnvironment } from "@nocp/runtime/config/process-environment.ts";
import { type InstalledPython, type InstallOptions, installPythonPackage, requireSuccess } from "./install-python-package.ts";

export const portkeyVersion = "1.15.2";
export const litellmVersion = "1.108.7";

const litellm = {
  name: "litellm",
  version: litellmVersion,
  requirement: `litellm[proxy]==${litellmVersion}`,
  megabytes: 760,
};

/** @throws NocpError MISSING_DEPENDENCY, see `installPythonPackage`. */
export const installLitellm = (options: InstallOptions): Promise<InstalledPython> => installPythonPackage(litellm, options);

/** As it is published, it does not start: these are the last versions of its server that it works with. */
const portkeyManifest = {
  name: "nocp-peer-portkey",
  private: true,
  dependencies: { "@portkey-ai/gateway": portkeyVersion },
  overrides: { hono: "4.9.7", "@hono/node-server": "1.13.8" },
};
const installTimeoutMs = 10 * 60_000;

/**
 * Installs it unless an earlier run has.
 * @returns the folder of the package. @throws NocpError MISSING_DEPENDENCY without npm, or when it fails.
 */
export async function installPortkey({
  cacheFolder,
  onStep,
  run = createRunTool(processEnvironment()),
}: InstallOptions): Promise<string> {
  const folder = join(cacheFolder, `portkey-${portkeyVersion}`);
  const installed = join(folder, "node_modules/@portkey-ai/gateway");
  const mark = join(folder, "installed");
  if (existsSync(mark)) return installed;
  requireSuccess(await run("npm", ["--version"]), "npm cannot be run", {
    advice: "Install npm; the comparison runs Portkey, which is an npm package",
  });
  // What an interrupted run has left is not continued.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify(portkeyManifest));
  onStep(`installing @portkey-ai/gateway ${portkeyVersion} from npm into ${folder} (some 25 MB, once)`);
  const npm = ["install", "--no-audit", "--no-fund", "--ignore-scripts"];
  requireSuccess(await run("npm", npm, { folder, timeoutMs: installTimeoutMs }), `npm cannot install Portkey ${portkeyVersion}`, {
    advice: "Check that npm's registry can be reached: npm's own settings apply",
  });
  writeFileSync(mark, "");
  return installed;
}
