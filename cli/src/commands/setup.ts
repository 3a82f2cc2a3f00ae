// ./nocp setup: fetches a nats-server and installs the git hooks; the packages are installed before it runs.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { takeOver } from "@nocp/runtime/transport/take-over/take-over.ts";
import type { Environment } from "../command.ts";
import { type CommonOptions, withCommonOptions } from "../options/shared-options.ts";
import { withBroker } from "../requests/open-client.ts";
import { createMachine } from "../setup/create-machine.ts";
import type { Machine } from "../setup/machine.ts";
import { requireNatsServer, syncHint } from "../setup/nats-server/find-nats-server.ts";
import { countOf } from "../terminal/count-of.ts";

interface SetupOptions extends CommonOptions {
  readonly streams?: boolean | undefined;
}

export function declareCommand(command: Command, environment: Environment): void {
  withCommonOptions(command.option("--streams", "create or update the streams and consumers on the NATS server in use")).action(
    (options) => setUp(environment, options),
  );
}

async function setUp(environment: Environment, options: SetupOptions): Promise<void> {
  const { terminal, root } = environment;
  const machine = createMachine(environment, options);
  const lines: { part: string; state: string }[] = [{ part: "node", state: process.version }];
  if (machine.environment.NATS_URL) {
    lines.push({ part: "nats-server", state: `${machine.environment.NATS_URL} (NATS_URL)` });
  } else {
    terminal.note("looking for nats-server");
    const found = await requireNatsServer(machine);
    const { program, version, origin } = found;
    const hint = syncHint(found);
    if (hint !== undefined) terminal.note(hint);
    lines.push({
      part: "nats-server",
      state: `${version} ${origin}: ${program.kind === "binary" ? program.path : program.image}`,
    });
  }
  lines.push({ part: "git hooks", state: await installHooks(root, machine) });
  if (options.streams) lines.push({ part: "streams", state: await provisionStreams(environment, options) });
  if (options.json) terminal.printJson(lines);
  else for (const { part, state } of lines) terminal.print(`${part.padEnd(12)} ${state}`);
}

const provisionStreams = (environment: Environment, options: SetupOptions): Promise<string> =>
  withBroker(environment, options, async (broker) => {
    const { messages } = await takeOver(broker);
    const changes = (await broker.provision()).map(({ action, name }) => `${action} ${name}`);
    if (messages > 0) changes.unshift(`took over ${countOf(messages, "message", "messages")} of the release before tenants`);
    return changes.length === 0 ? "up to date" : changes.join(", ");
  });

async function installHooks(root: string, machine: Machine): Promise<string> {
  if (!existsSync(join(root, ".git"))) return "skipped: not a git clone";
  const outcome = await machine.run(join(root, "node_modules", ".bin", "lefthook"), ["install"], { folder: root });
  return outcome.exitCode === 0 ? "installed" : `not installed: ${outcome.stderr.trim() || outcome.stdout.trim()}`;
}
