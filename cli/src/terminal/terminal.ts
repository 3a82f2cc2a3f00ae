// What a command may write to: results on stdout, progress and notes on stderr.
import picocolors from "picocolors";

type Colors = ReturnType<typeof picocolors.createColors>;

export interface Terminal {
  /** Whether a person watches stderr: progress may be drawn. */
  readonly isInteractive: boolean;
  /** Columns that a table may fill. */
  readonly width: number;
  readonly colors: Colors;
  /** Colours for what goes to stderr. */
  readonly noteColors: Colors;
  /** Writes one line of the result. */
  print(line: string): void;
  /** Writes a piece of the result as it is. */
  printPart(text: string): void;
  /** Writes a value as JSON, the only thing on stdout with --json. */
  printJson(value: unknown): void;
  /** Writes one line about what is going on. */
  note(line: string): void;
  /** Writes as it is, without a line end: for progress that is drawn over. */
  draw(text: string): void;
}

interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface TerminalParts {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Columns where nobody says how wide it is: pipes and files. */
const defaultWidth = 120;

/** NO_COLOR (any value) and FORCE_COLOR=0 switch colours off, another FORCE_COLOR on; otherwise a terminal decides. */
export function hasColors(stream: { readonly isTTY?: boolean }, environment: TerminalParts["environment"]): boolean {
  const forced = environment.FORCE_COLOR;
  if (environment.NO_COLOR) return false;
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return stream.isTTY === true && environment.TERM !== "dumb";
}

export function createTerminal({ stdout, stderr, environment }: TerminalParts): Terminal {
  return {
    isInteractive: stderr.isTTY === true && environment.TERM !== "dumb",
    width: stdout.columns ?? (Number(environment.COLUMNS) || defaultWidth),
    colors: picocolors.createColors(hasColors(stdout, environment)),
    noteColors: picocolors.createColors(hasColors(stderr, environment)),
    print: (line) => void stdout.write(`${line}\n`),
    printPart: (text) => void stdout.write(text),
    printJson: (value) => void stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    note: (line) => void stderr.write(`${line}\n`),
    draw: (text) => void stderr.write(text),
  };
}
