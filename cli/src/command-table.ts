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
    summary: "start everything, answer the requests in examples/, stop again",
    load: () => import("./commands/demo.ts"),
  },
  {
    name: "up",
    group: running,
    summary: "run NATS and all services until Ctrl-C, restarting what dies",
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
    summary: "look at dead letters and send them again",
    load: () => import("./commands/dead.ts"),
  },
  {
    name: "session",
    group: requests,
    summary: "look at the conversations that are kept, archive, delete, save and restore them",
    load: () => import("./commands/session.ts"),
  },
  {
    name: "archive",
    group: requests,
    summary: "fetch back what compression removed",
    load: () => import("./commands/archive.ts"),
  },
  {
    name: "report",
    group: requests,
    summary: "print the last transactions with totals",
    load: () => import("./commands/report.ts"),
  },
  {
    name: "assess",
    group: requests,
    summary: "compress a context without running anything else",
    load: () => import("./commands/assess.ts"),
  },
  {
    name: "articulate",
    group: requests,
    summary: "shape an answer without running anything else",
    load: () => import("./commands/articulate.ts"),
  },
  {
    name: "setup",
    group: machine,
    summary: "fetch what is missing and install the git hooks",
    load: () => import("./commands/setup.ts"),
  },
  {
    name: "doctor",
    group: machine,
    summary: "say what is there, what is missing and how to get it",
    load: () => import("./commands/doctor.ts"),
  },
  {
    name: "config",
    group: machine,
    summary: "show, export, load and compare settings",
    load: () => import("./commands/config.ts"),
  },
  { name: "test", group: development, summary: "run the tests, all or by category", load: () => import("./commands/test.ts") },
  {
    name: "check",
    group: development,
    summary: "types, style, unused code, generated files",
    load: () => import("./commands/check.ts"),
  },
  {
    name: "docs",
    group: development,
    summary: "write the reference pages that are generated from the code",
    load: () => import("./commands/docs.ts"),
  },
  {
    name: "benchmark",
    group: development,
    summary: "measure; without a name, list what can be measured",
    load: () => import("./commands/benchmark.ts"),
  },
];
