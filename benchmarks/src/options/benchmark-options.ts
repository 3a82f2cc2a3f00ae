// Options of a benchmark: parsed, checked, and what is wrong with them said in one line.
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { errorLine, exitCodeOf } from "@nocp/cli/terminal/exit-code.ts";
import { coerceError, NocpError } from "@nocp/contracts/errors/nocp-error.ts";

/** The value of `--json` without a file: the report goes to stdout. */
export const onStdout = "-";

/**
 * The options of the process; `--json` may stand without a value, which is then `onStdout`. With `--help` the usage is printed and the process ends; from here on every error that
 * nothing catches ends it with one line and the error's exit code.
 */
export function readOptions<const T extends ParseArgsOptionsConfig>(usage: string, options: T) {
  process.on("uncaughtException", endWith);
  const values = parse(options);
  if (process.argv.includes("--help")) {
    console.log(usage);
    process.exit(0);
  }
  return values;
}

function parse<const T extends ParseArgsOptionsConfig>(options: T) {
  try {
    return parseArgs({
      args: withJsonPlace(process.argv.slice(2)),
      options: { ...options, help: { type: "boolean" } } as T & { help: { type: "boolean" } },
    }).values;
  } catch (error) {
    throw new NocpError("USAGE", coerceError(error).message.replace(/\s*\n\s*/g, " "));
  }
}

/** @returns the arguments with a place after a bare `--json`. */
export function withJsonPlace(args: readonly string[]): string[] {
  return args.flatMap((arg, at) => {
    const next = args[at + 1];
    const isBare = arg === "--json" && (next === undefined || (next.startsWith("-") && next !== onStdout));
    return isBare ? [`--json=${onStdout}`] : [arg];
  });
}

function endWith(error: unknown): never {
  console.error(errorLine(error, false));
  process.exit(exitCodeOf(error));
}

/** @throws NocpError USAGE for what is no number from `least` on. */
export function numberOf(option: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < least) {
    throw new NocpError("USAGE", `--${option} must be a number from ${least}, got "${text}"`);
  }
  return value;
}

/** Those of a list, in the order in which they are known. @throws NocpError USAGE for a name that is not. */
export function chosenOf<T extends string>(option: string, text: string, known: readonly T[]): T[] {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !known.some((one) => one === name));
  if (unknown !== undefined) throw new NocpError("USAGE", `--${option}: there is no ${unknown}; there are ${known.join(", ")}`);
  return known.filter((name) => names.includes(name));
}
