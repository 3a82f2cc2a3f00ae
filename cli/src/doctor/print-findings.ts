// Findings for people: a line each, with what to do.
import { hangingLines } from "../terminal/render-fields.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { widestOf } from "../terminal/wrap-text.ts";
import type { Finding } from "./finding.ts";

/** The longest state, `optional`. */
const stateWidth = 8;

export function printFindings(terminal: Terminal, findings: readonly Finding[]): void {
  const { green, yellow, red } = terminal.colors;
  const paint = { ok: green, optional: yellow, missing: red, wrong: red };
  const whatWidth = widestOf(findings.map(({ what }) => what));
  for (const { what, state, detail, advice } of findings) {
    const start = `${paint[state](state.padEnd(stateWidth))} ${what.padEnd(whatWidth)}  `;
    const text = advice ? `${detail}. ${advice}` : detail;
    for (const line of hangingLines(start, stateWidth + whatWidth + 3, text, terminal.width)) terminal.print(line);
  }
}
