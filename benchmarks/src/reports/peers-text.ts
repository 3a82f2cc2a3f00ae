// The comparison of compressors as Markdown: a table a person reads on the terminal and pastes into a document.
import type { GroupComparison } from "../peers/compare-compression.ts";
import { markdownTable } from "./table.ts";

const columns = ["group (cases, tokens)", "compressor", "kept", "recall", "right", "wrong", "torn", "lost", "ms", "ms / 10k"];

export function renderPeers(groups: readonly GroupComparison[], notes: readonly string[]): string {
  const rows = groups.flatMap(({ group, cases, rawTokens, figures }) =>
    figures.map(({ contender, keptShare, recall, verdicts, medianMs, msPer10kTokens }, at) => [
      at === 0 ? `${group} (${cases}, ${rawTokens.toLocaleString("en-US")})` : "",
      contender,
      percent(keptShare),
      recall.toFixed(3),
      ...(["right", "wrong", "torn", "lost"] as const).map((verdict) => String(verdicts?.[verdict] ?? "–")),
      medianMs.toFixed(1),
      msPer10kTokens.toFixed(1),
    ]),
  );
  return [...markdownTable(columns, rows, [0, 1]), "", ...notes.map((note) => `- ${note}`)].join("\n");
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
