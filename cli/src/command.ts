// What a file in commands/ exports: how its command is declared and what it does.
import type { Readable, Writable } from "node:stream";
import type { Command } from "@commander-js/extra-typings";
import type { Interruption } from "./terminal/interruption.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** Everything outside the program that a command may use. */
export interface Environment {
  /** The project's folder, absolute. */
  readonly root: string;
  /** Where everything is kept that is not the project itself: `<root>/.nocp`. */
  readonly dataFolder: string;
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  readonly interruption: Interruption;
  readonly stdin: Readable;
  /** For output that streams; everything else goes through the terminal. */
  readonly stdout: Writable;
}

export interface CommandFile {
  /** Adds arguments, options and the action to the command, which already has its name and summary. */
  declareCommand(command: Command, environment: Environment): void;
}
