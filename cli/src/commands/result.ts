// ./nocp result: the result of a request that was submitted earlier.

import type { Command } from "@commander-js/extra-typings";
import { checkRequestId } from "@nocp/client/check-reference.ts";
import { defaultTenant } from "@nocp/contracts/topology.ts";
import type { Environment } from "../command.ts";
import { wholeNumber } from "../options/option-values.ts";
import { withClientOptions } from "../options/shared-options.ts";
import { withClient } from "../requests/open-client.ts";
import { exitCodeOfResult, printResult } from "../requests/print-result.ts";

const defaultTimeoutMs = 1000;

export function declareCommand(command: Command, environment: Environment): void {
  withClientOptions(
    command
      .argument("<requestId>", "UUID of the request", checkRequestId)
      .option("--tenant <tenant>", "whose request it is", defaultTenant)
      .option("--timeout <ms>", "how long to wait for the result", wholeNumber(0), defaultTimeoutMs),
  ).action((requestId, options) =>
    withClient(environment, options, async (client) => {
      const result = await client.result(requestId, { timeoutMs: options.timeout, tenant: options.tenant });
      printResult(environment.terminal, options, result);
      process.exitCode = exitCodeOfResult(result);
    }),
  );
}
