// ./nocp result: the result of a request that was submitted earlier.
import { checkRequestId } from "@nocp/client/check-reference.ts";
import type { Command } from "commander";
import type { Environment } from "../command.ts";
import { wholeNumber } from "../requests/number-argument.ts";
import { type ClientCommandOptions, withClient } from "../requests/open-client.ts";
import { exitCodeOfResult, printResult } from "../requests/print-result.ts";

interface ResultOptions extends ClientCommandOptions {
  readonly timeout: number;
}

const defaultTimeoutMs = 1000;

export function declareCommand(command: Command, environment: Environment): void {
  command
    .argument("<requestId>", "the UUID it was submitted under", checkRequestId)
    .option("--timeout <ms>", "how long to wait for it", wholeNumber("milliseconds", 0), defaultTimeoutMs)
    .option("--nats-url <url>", "NATS to use; the running ./nocp up without it")
    .action((requestId: string, options: ResultOptions) =>
      withClient(environment, options, async (client) => {
        const result = await client.result(requestId, { timeoutMs: options.timeout });
        printResult(environment.terminal, options, result);
        process.exitCode = exitCodeOfResult(result);
      }),
    );
}
