// A service's log line, JSON as pino writes it, for a person to read.
import type { Terminal } from "../terminal/terminal.ts";

type Colors = Terminal["colors"];

/** pino's levels. */
const levelNames: Readonly<Record<number, string>> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
  60: "fatal",
};

const hiddenFields = new Set(["level", "time", "pid", "hostname", "service", "stage", "msg", "v", "err"]);

/** Lines that are not JSON are handed on as they are, behind the process's name. */
export function formatLogLine(processName: string, line: string, colors: Colors): string {
  const prefix = colors.cyan(processName.padEnd(14));
  const record = parseRecord(line);
  if (!record) return `${prefix} ${line}`;
  const level = levelNames[Number(record.level)] ?? String(record.level ?? "info");
  const time = new Date(record.time as number | string);
  const clock = Number.isNaN(time.getTime()) ? "" : `${colors.dim(time.toISOString().slice(11, 23))} `;
  const fields = Object.entries(record)
    .filter(([key]) => !hiddenFields.has(key))
    .map(([key, value]) => colors.dim(`${key}=${typeof value === "string" ? value : JSON.stringify(value)}`));
  const text = [String(record.msg ?? ""), ...errorText(record.err), ...fields].filter((part) => part !== "").join(" ");
  return `${prefix} ${clock}${paint(level, colors)} ${text}`;
}

/** The sentence of a log line: its text, and the reason where one is given. */
export function sentenceOf(line: string): string {
  const record = parseRecord(line);
  if (!record) return line;
  return [record.msg, record.reason].filter((part) => typeof part === "string").join(": ");
}

function parseRecord(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function errorText(error: unknown): string[] {
  if (typeof error !== "object" || error === null) return [];
  const { message, code } = error as { message?: string; code?: string };
  return [`${message ?? ""}${code === undefined ? "" : ` (${code})`}`];
}

function paint(level: string, colors: Colors): string {
  const padded = level.padEnd(5);
  if (level === "error" || level === "fatal") return colors.red(padded);
  if (level === "warn") return colors.yellow(padded);
  return level === "info" ? colors.green(padded) : colors.dim(padded);
}
