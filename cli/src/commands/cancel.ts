// ./nocp cancel: stops a request that is queued or running.

import type { Command } from "@commander-js/extra-typings";
import { checkRequestId } from "@nocp/client/check-reference.ts";
import { defaultTenant } from "@nocp/contracts/topology.ts";
import type { Environment } from "../command.ts";
import { withClientOptions } from "../options/shared-options.ts";
import { withClient } from "../requests/open-client.ts";
import { exitCodes } from "../terminal/exit-code.ts";

export function declareCommand(command: Command, environment: Environment): void {
  const { terminal } = environment;
  withClientOptions(
    command
      .argument("<requestId>", "UUID of the request", checkRequestId)
      .option("--tenant <tenant>", "whose request it is", defaultTenant),
  ).action((requestId, options) =>
    withClient(environment, options, async (client) => {
      const result = await client.cancel(requestId, { tenant: options.tenant });
      const isCancelled = result.error?.code === "CANCELLED";
      if (options.json) terminal.printJson(result);
      else terminal.print(isCancelled ? "cancelled" : `too late: the request has already ${result.status}`);
      process.exitCode = isCancelled ? exitCodes.ok : exitCodes.failed;
    }),
  );
}
