// ./nocp publish: submits a request and waits for its result.

import { type Command, Option } from "@commander-js/extra-typings";
import type { RequestWatcher } from "@nocp/client/watch-request.ts";
import { createRequestId } from "@nocp/contracts/request-id.ts";
import { type Lane, lanes } from "@nocp/contracts/topology.ts";
import type { Environment } from "../command.ts";
import { wholeNumber } from "../options/option-values.ts";
import { type ClientCommandOptions, withClientOptions } from "../options/shared-options.ts";
import { withClient } from "../requests/open-client.ts";
import { exitCodeOfResult, printResult } from "../requests/print-result.ts";
import { readRequest } from "../requests/read-request.ts";
import { stageLine } from "../requests/render-result.ts";

interface PublishOptions extends ClientCommandOptions {
  readonly watch?: boolean | undefined;
  readonly wait: boolean;
  readonly stream?: boolean | undefined;
  readonly lane?: Lane | undefined;
  readonly tenant?: string | undefined;
  readonly timeout?: number | undefined;
}

export function declareCommand(command: Command, environment: Environment): void {
  withClientOptions(
    command
      .argument("<file>", "JSON file with the request, or - for stdin")
      .option("-w, --watch", "report on stderr what each stage does")
      .option("--stream", "print the answer as it is generated")
      .option("--tenant <tenant>", "whose request it is (default: the request's own, or default)")
      .addOption(new Option("--lane <lane>", "priority").choices(lanes))
      .option("--timeout <ms>", "how long to wait for the result (default: five minutes)", wholeNumber(1))
      // With its default, because commander gives negated options theirs before this command is declared.
      .option("--no-wait", "print the request id as soon as the request is queued, and exit", true),
  ).action((file, options) => publish(environment, file, options));
}

async function publish(environment: Environment, file: string, options: PublishOptions): Promise<void> {
  const { terminal } = environment;
  const written = await readRequest(file, environment.stdin);
  const request = {
    ...written,
    requestId: written.requestId ?? createRequestId(),
    ...(options.lane ? { lane: options.lane } : {}),
    ...(options.tenant ? { tenant: options.tenant } : {}),
    ...(options.stream ? { stream: true } : {}),
  };
  await withClient(environment, options, async (client) => {
    if (!options.wait) {
      const submitted = await client.submit(request);
      if (options.json) terminal.printJson(submitted);
      else terminal.print(submitted.requestId);
      return;
    }
    const stream = createStreamPrinter(environment, options);
    const result = await client.ask(request, {
      watcher: { ...stream.watcher, ...(options.watch ? stageNotes(environment) : {}) },
      ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout }),
    });
    stream.end();
    printResult(terminal, options, result, stream.shown());
    process.exitCode = exitCodeOfResult(result);
  });
}

function stageNotes({ terminal }: Environment): RequestWatcher {
  const { cyan } = terminal.noteColors;
  return { onStage: (stage, kind, event) => terminal.note(`  ${cyan(stage.padEnd(11))} ${stageLine(kind, event)}`) };
}

/** Writes deltas to stdout. A higher attempt, or a first delta again, means that the answer starts over. */
function createStreamPrinter({ terminal }: Environment, options: PublishOptions) {
  let text = "";
  let attempt = 0;
  const watcher: RequestWatcher =
    options.stream && !options.json
      ? {
          onDelta: (delta) => {
            if (delta.attempt < attempt) return;
            if (delta.error !== undefined) {
              if (text !== "") terminal.note("\nthe answer broke off");
              return;
            }
            if ((delta.attempt > attempt || delta.sequence === 0) && text !== "") {
              terminal.note("\nthe answer restarts");
              text = "";
            }
            attempt = delta.attempt;
            text += delta.text;
            terminal.printPart(delta.text);
          },
        }
      : {};
  return {
    watcher,
    shown: () => text,
    end: () => {
      if (text !== "" && !text.endsWith("\n")) terminal.printPart("\n");
    },
  };
}
