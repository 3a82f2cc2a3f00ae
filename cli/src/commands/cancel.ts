// ./nocp cancel: stops a request wherever it is.
import { checkRequestId } from "@nocp/client/check-reference.ts";
import type { Command } from "commander";
import type { Environment } from "../command.ts";
import { type ClientCommandOptions, withClient } from "../requests/open-client.ts";
import { exitCodes } from "../terminal/exit-code.ts";

export function declareCommand(command: Command, environment: Environment): void {
  const { terminal } = environment;
  command
    .argument("<requestId>", "the UUID it was submitted under", checkRequestId)
    .option("--nats-url <url>", "NATS to use; the running ./nocp up without it")
    .action((requestId: string, options: ClientCommandOptions) =>
      withClient(environment, options, async (client) => {
        const result = await client.cancel(requestId);
        const isCancelled = result.error?.code === "CANCELLED";
        if (options.json) terminal.printJson(result);
        else terminal.print(isCancelled ? "cancelled" : `too late: it had ${result.status}`);
        process.exitCode = isCancelled ? exitCodes.ok : exitCodes.failed;
      }),
    );
}
