import { stripVTControlCharacters } from "node:util";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { describe, expect, it } from "vitest";
import { expectLinearWork } from "../../../test/linear-work.ts";
import { errorLine, exitCodeOf, failureOf, stackOf } from "./exit-code.ts";
import { createInterruption, untilAborted } from "./interruption.ts";
import { renderFields } from "./render-fields.ts";
import { columnWidths, renderTable } from "./render-table.ts";
import { createTerminal, hasColors } from "./terminal.ts";
import { visibleWidth, wrapText } from "./wrap-text.ts";

describe("colours", () => {
  it.each([
    { isTTY: true, environment: {}, colours: true },
    { isTTY: false, environment: {}, colours: false },
    { isTTY: true, environment: { NO_COLOR: "1" }, colours: false },
    { isTTY: true, environment: { TERM: "dumb" }, colours: false },
    { isTTY: false, environment: { FORCE_COLOR: "1" }, colours: true },
    { isTTY: true, environment: { FORCE_COLOR: "0" }, colours: false },
    { isTTY: false, environment: { FORCE_COLOR: "1", NO_COLOR: "1" }, colours: false },
  ])("are $colours on terminal=$isTTY with $environment", ({ isTTY, environment, colours }) => {
    expect(hasColors({ isTTY }, environment)).toBe(colours);
  });
});

describe("a table", () => {
  const silent = { write: () => true };
  const terminalOf = (columns: number, environment = {}) =>
    createTerminal({ stdout: { ...silent, columns }, stderr: silent, environment });
  const terminal = terminalOf(40);
  const coloured = terminalOf(40, { FORCE_COLOR: "1" });
  const columns = [{ title: "name" }, { title: "why" }];
  const long = "a justification of many words that does not fit into one line";
  const contentOf = (table: string) => table.replace(/[│┌┐└┘├┤┬┴┼─\s]/g, "");

  it("is never wider than the terminal, and loses no text", () => {
    const text = renderTable(columns, [["short", long]], terminal);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(40);
    for (const word of long.split(" ")) expect(text).toMatch(new RegExp(`\\b${word}\\b`));
  });

  it("is the same in colours as without, but for the colours", () => {
    const rows = [
      ["short", long],
      ["gpt-4o uncached", `["${"word".repeat(20)}"]`],
    ];
    const { dim } = coloured.colors;
    const painted = renderTable(columns, rows, coloured, { paintOf: () => dim });
    expect(painted).toContain(dim("short"));
    expect(stripVTControlCharacters(painted)).toBe(renderTable(columns, rows, terminal));
  });

  it("ends a colour with the line it began in", () => {
    const lines = renderTable(columns, [["short", long]], coloured, { paintOf: () => coloured.colors.dim }).split("\n");
    const counts = lines.map((line) => [line.split("\u001b[2m").length, line.split("\u001b[22m").length]);
    for (const [opened, closed] of counts.slice(3)) expect(opened).toBe(closed);
  });

  it("cuts a word that is longer than its column, and loses none of it", () => {
    const path = `/a/${"folder/".repeat(12)}file.json`;
    const text = renderTable(columns, [["short", path]], terminal);
    expect(text).not.toContain("…");
    expect(contentOf(text)).toContain(path);
  });

  it("keeps its borders in line around wide characters", () => {
    const text = renderTable(columns, [["問題", "漢字".repeat(20)]], terminal);
    expect(contentOf(text)).toContain("漢字".repeat(20));
  });

  it("shows escape codes of its content to nobody", () => {
    expect(renderTable(columns, [["short", "\u001b[31mred\u001b[0m\ttext"]], terminal)).toContain("│ red  text │");
  });

  it.each([
    ["words", "word "],
    ["one word", "x"],
    ["wide characters", "漢"],
  ])("takes work in proportion to its length for %s, of which it bears 700 kB", async (_what, piece) => {
    const textOf = (length: number): string => piece.repeat(Math.ceil(length / piece.length));
    await expectLinearWork((length) => wrapText(textOf(length), 80), 25_000);
    expect(renderFields([["title", textOf(700_000)]], 80, String).length).toBeGreaterThan(7000);
    expect(renderTable(columns, [["short", textOf(700_000)]], terminal).length).toBeLessThan(20_000);
  });

  it("cuts a cell that nobody would read to its end, and says how long it was", () => {
    const text = contentOf(renderTable(columns, [["short", "word ".repeat(140_000)]], terminal));
    expect(text.length).toBeLessThan(2000);
    expect(text).toContain("word…(700,000characters)");
  });

  it("ends after some thousand rows, and says how many more there are", () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => [String(index), "x"]);
    expect(renderTable([{ title: "n" }, { title: "x" }], rows, terminal)).toMatch(/ 9999 [\s\S]*… and 190,000 more rows$/);
  });

  it.each([
    ["wide", ["word ".repeat(200), "word ".repeat(200), "word ".repeat(200)]],
    ["high, because one column is narrow", ["x".repeat(200), `${"y".repeat(1000)}`]],
  ])("ends earlier where its rows are %s", (_what, row) => {
    const rows = Array.from({ length: 10_000 }, () => row);
    const text = renderTable([{ title: "n" }, { title: "x" }, { title: "y" }], rows, terminalOf(120));
    expect(text.length).toBeLessThan(3_000_000);
    const [, left] = /… and ([\d,]+) more rows$/.exec(text) ?? [];
    const drawn = text.split("├").length - 1;
    expect(Number(left?.replaceAll(",", "")) + drawn).toBe(rows.length);
    expect(drawn).toBeGreaterThan(20);
  });

  it("shows the first row, whatever its size", () => {
    const row = Array.from({ length: 2000 }, () => "word ".repeat(140));
    const text = renderTable(
      row.map((_, at) => ({ title: String(at) })),
      [row, row],
      terminal,
    );
    expect(text).toContain("word");
    expect(text).toMatch(/… and 1 more row$/);
  });

  it("takes from the widest columns first", () => {
    expect(columnWidths([5, 50, 30], 60)).toEqual([5, 27, 28]);
    expect(columnWidths([5, 10], 60)).toEqual([5, 10]);
    expect(columnWidths([5, 50, 50, 50], 65).toSorted((left, right) => left - right)).toEqual([5, 20, 20, 20]);
  });

  it("cuts no word where another column has a space to break at", () => {
    expect(columnWidths([36, 40], 60, [36, 10])).toEqual([36, 24]);
    expect(columnWidths([36, 40], 44, [36, 10])).toEqual([34, 10]);
  });

  it("stops shrinking where a column would hold nothing", () => {
    expect(columnWidths([20, 20], 4)).toEqual([8, 8]);
  });
});

describe("wrapping", () => {
  /** What contents of every kind may grow with: words, one word, blanks, marks without width, wide characters. */
  const pieces = ["word ", "x", " ", "a/", "e\u0301", "漢", "😀", "\t", "a\u00a0b "];

  it.each(pieces)("loses nothing of %j, and keeps to the width", (piece) => {
    const text = piece.repeat(500);
    const lines = wrapText(text, 30);
    const bare = (written: string) => written.replace(/\s/g, "");
    expect(bare(lines.join(""))).toBe(bare(text));
    for (const line of lines) expect(visibleWidth(line)).toBeLessThanOrEqual(30);
  });

  it.each(pieces)("takes work in proportion to the number of %j: it does not look at the rest for every line", async (piece) => {
    await expectLinearWork((count) => wrapText(piece.repeat(count), 30), 25_000);
  });
});

describe("a failing command", () => {
  it("says in one line what is wrong, what to do, and the code", () => {
    const error = new NocpError("INVALID_JSON", "stdin is not JSON", { advice: "Give one JSON object" });
    expect(errorLine(failureOf(error))).toBe("nocp: stdin is not JSON. Give one JSON object (INVALID_JSON)");
  });

  it("prints the stack and its cause apart from that line", () => {
    const error = new NocpError("UNEXPECTED", "broken", { cause: new Error("the disk is full") });
    expect(errorLine(failureOf(error)).split("\n")).toHaveLength(1);
    expect(stackOf(error)).toContain("the disk is full");
    expect(stackOf(error)).toMatch(/\n\s+at /);
  });

  it.each([
    ["USAGE", 2],
    ["INVALID_CONFIGURATION", 2],
    ["INVALID_REQUEST", 2],
    ["MISSING_DEPENDENCY", 3],
    ["NOT_CONNECTED", 3],
    ["RESULT_NOT_FOUND", 4],
    ["DEADLINE_EXCEEDED", 4],
    ["PROVIDER_AUTH", 1],
  ] as const)("with %s exits with %i", (code, exitCode) => {
    expect(exitCodeOf(new NocpError(code, "x"))).toBe(exitCode);
  });
});

describe("what interrupts a command", () => {
  function interruption() {
    const listeners: Record<string, () => void> = {};
    const ended: number[] = [];
    const source = { on: (signal: string, listener: () => void) => Object.assign(listeners, { [signal]: listener }) };
    const { capture, endWithReader, readerGone } = createInterruption(source, (code) => ended.push(code));
    return { capture, endWithReader, readerGone, ended, send: (signal: string) => listeners[signal]?.() };
  }

  it.each(["SIGINT", "SIGTERM", "SIGHUP"])("ends a command that has nothing to put away at once: %s", (name) => {
    const { send, ended } = interruption();
    send(name);
    expect(ended).toEqual([130]);
  });

  it.each(["SIGINT", "SIGTERM"])("lets a command stop in order the first time, and ends it the second: %s", (name) => {
    const { capture, send, ended } = interruption();
    const signal = capture();
    send(name);
    expect([signal.aborted, ended]).toEqual([true, []]);
    send(name);
    expect(ended).toEqual([130]);
  });

  it("lets a command stop in order when its terminal closes, which tells it more than once", () => {
    const { capture, send, ended } = interruption();
    const signal = capture();
    send("SIGHUP");
    send("SIGHUP");
    expect([signal.aborted, ended]).toEqual([true, []]);
  });

  it("lets a command run to its end when its output is no longer read, unless output is all it does", () => {
    const [plain, writer, captured] = [interruption(), interruption(), interruption()];
    writer.endWithReader();
    const signal = captured.capture();
    for (const { readerGone } of [plain, writer, captured, captured]) readerGone();
    expect([plain.ended, writer.ended, signal.aborted, captured.ended]).toEqual([[], [0], true, []]);
  });

  it("is noticed also by who asks afterwards", async () => {
    await expect(untilAborted(AbortSignal.abort())).resolves.toBeUndefined();
  });
});
