// All commands of ./nocp: the summary that --help prints, and the file that is loaded only when the command is run.
import type { CommandFile } from "./command.ts";

export interface CommandEntry {
  readonly name: string;
  readonly group: string;
  readonly summary: string;
  load(): Promise<CommandFile>;
}

const running = "Running";
const requests = "Requests";
const development = "Development";
const machine = "Machine and settings";

export const commandTable: readonly CommandEntry[] = [
  {
    name: "demo",
    group: running,
    summary: "start everything, answer the requests in examples/, and stop",
    load: () => import("./commands/demo.ts"),
  },
  {
    name: "up",
    group: running,
    summary: "run NATS and all services until Ctrl-C, restarting any that exits",
    load: () => import("./commands/up.ts"),
  },
  {
    name: "publish",
    group: requests,
    summary: "submit a request from a file or stdin and wait for its result",
    load: () => import("./commands/publish.ts"),
  },
  { name: "result", group: requests, summary: "fetch the result of a request", load: () => import("./commands/result.ts") },
  {
    name: "cancel",
    group: requests,
    summary: "stop a request that is queued or running",
    load: () => import("./commands/cancel.ts"),
  },
  {
    name: "dead",
    group: requests,
    summary: "list, show and redrive dead letters",
    load: () => import("./commands/dead.ts"),
  },
  {
    name: "session",
    group: requests,
    summary: "list, show, close, delete, save and restore conversations",
    load: () => import("./commands/session.ts"),
  },
  {
    name: "tenants",
    group: running,
    summary: "create, list, rotate and delete tenants, each with its own credentials",
    load: () => import("./commands/tenants.ts"),
  },
  {
    name: "archive",
    group: requests,
    summary: "fetch what compression removed",
    load: () => import("./commands/archive.ts"),
  },
  {
    name: "keys",
    group: running,
    summary: "create, list, rotate and delete keys of the HTTP API",
    load: () => import("./commands/keys.ts"),
  },
  {
    name: "budgets",
    group: running,
    summary: "set, list, show and delete budgets and rate limits",
    load: () => import("./commands/budgets.ts"),
  },
  {
    name: "providers",
    group: running,
    summary: "show the breakers and quotas of providers' models",
    load: () => import("./commands/providers.ts"),
  },
  {
    name: "report",
    group: requests,
    summary: "print the latest transactions and their totals",
    load: () => import("./commands/report.ts"),
  },
  {
    name: "route",
    group: requests,
    summary: "show which models would be called for a request, and why",
    load: () => import("./commands/route.ts"),
  },
  {
    name: "tools",
    group: requests,
    summary: "list the tools that requests can use",
    load: () => import("./commands/tools.ts"),
  },
  {
    name: "mcp",
    group: requests,
    summary: "serve compress, retrieve, ask and usage to an agent, over stdin and stdout",
    load: () => import("./commands/mcp.ts"),
  },
  {
    name: "assess",
    group: requests,
    summary: "compress a context, without a queue",
    load: () => import("./commands/assess.ts"),
  },
  {
    name: "articulate",
    group: requests,
    summary: "format an answer, without a queue",
    load: () => import("./commands/articulate.ts"),
  },
  {
    name: "setup",
    group: machine,
    summary: "fetch missing programs and install the git hooks",
    load: () => import("./commands/setup.ts"),
  },
  {
    name: "doctor",
    group: machine,
    summary: "check what is installed and running, and explain how to fix the rest",
    load: () => import("./commands/doctor.ts"),
  },
  {
    name: "deploy",
    group: machine,
    summary: "check a Kubernetes cluster for a deployment, and print its credentials",
    load: () => import("./commands/deploy.ts"),
  },
  {
    name: "config",
    group: machine,
    summary: "show, export, load and compare settings",
    load: () => import("./commands/config.ts"),
  },
  {
    name: "test",
    group: development,
    summary: "run all tests, or some categories or files",
    load: () => import("./commands/test.ts"),
  },
  {
    name: "check",
    group: development,
    summary: "check types, style, unused code and generated files",
    load: () => import("./commands/check.ts"),
  },
  {
    name: "docs",
    group: development,
    summary: "write the reference pages that are generated from the code",
    load: () => import("./commands/docs.ts"),
  },
  {
    name: "build",
    group: development,
    summary: "build the client as a package to publish",
    load: () => import("./commands/build.ts"),
  },
  {
    name: "benchmark",
    group: development,
    summary: "run a benchmark; without a name, list them",
    load: () => import("./commands/benchmark.ts"),
  },
];
