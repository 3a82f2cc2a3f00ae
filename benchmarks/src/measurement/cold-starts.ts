// First compressions of fresh processes: what compiling, reading vocabularies and loading grammars adds to a request.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { FirstCompressions } from "./first-compressions.ts";

export interface ColdStart extends FirstCompressions {
  readonly subject: string;
}

const script = fileURLToPath(new URL("./first-compressions.ts", import.meta.url));
/** Compressions in each process. */
const compressions = 20;

/** The process in the middle of `processes` by its first compression, which runs alone. */
export async function coldStartOf(subject: string, sizeTokens: number, processes: number): Promise<ColdStart> {
  const starts: FirstCompressions[] = [];
  for (let run = 0; run < processes; run++) {
    const { stdout } = await promisify(execFile)(process.execPath, [script, subject, String(sizeTokens), String(compressions)]);
    starts.push(JSON.parse(stdout) as FirstCompressions);
  }
  const byFirst = starts.sort((a, b) => (a.compressionsMs[0] ?? 0) - (b.compressionsMs[0] ?? 0));
  return { subject, ...(byFirst[Math.floor(byFirst.length / 2)] as FirstCompressions) };
}

const shown = [1, 2, 3, 5, 10, compressions];

export function coldTable(starts: readonly ColdStart[], sizeTokens: number): string {
  const cell = (ms: number | undefined) => (ms ?? Number.NaN).toFixed(1).padStart(10);
  const columns = ["strategies", "vocabulary", ...shown.map((nth) => `no. ${nth}`)];
  return [
    `ms in a fresh process: reading the strategies and the vocabulary, then compressions of ${sizeTokens} tokens one after the other`,
    `${"".padEnd(14)}${columns.map((name) => name.padStart(11)).join("")}`,
    ...starts.map(({ subject, strategiesMs, vocabularyMs, compressionsMs }) => {
      const cells = [strategiesMs, vocabularyMs, ...shown.map((nth) => compressionsMs[nth - 1])];
      return `${subject.padEnd(14)}${cells.map((ms) => ` ${cell(ms)}`).join("")}`;
    }),
  ].join("\n");
}
