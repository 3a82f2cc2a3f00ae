// Settings in blocks of braces, as nginx, HCL and Caddy have them: a value comes with the blocks around it.
import type { TextKind } from "../text-kind.ts";

const opening = /\{\s*(?:#.*)?$/;
const closing = /^\s*\}[,;)]*\s*(?:#.*)?$/;
const setting = /^\s*(?:[\w.-]+(?:\s+[^\s{].*)?;|[\w."-]+\s*=\s*\S.*)\s*(?:#.*)?$/;
const code =
  /^\s*(?:import|export|function|class|def|const|let|var|return|public|private|package|using|namespace|#include|fn|func|if|for|while)\b|=>|\)\s*\{|[\w.]\([^)]*\);?\s*$/;
const naming = /^\s*(?:server_name|name|id|host|alias|title|label|domain)\s*=?\s*(\S[^;{}]{0,80});?\s*$/;

export const blocks: TextKind = {
  name: "blocks",
  names: /\.(?:tf|hcl|conf)$/,
  matches: ({ heads, share, count }) =>
    heads.length >= 5 && count(opening) >= 2 && share(opening) + share(closing) + share(setting) > 0.8 && share(code) < 0.1,
  read: (lines, units) => {
    let depth = 0;
    const open: { unit: number; label: string; isNamed: boolean }[] = [];
    for (let line = 0; line < lines.count; line++) {
      const head = lines.head(line);
      if (lines.isBlank(line)) continue;
      const start = lines.start(line);
      if (closing.test(head)) {
        // A brace alone ends what is above it, and says nothing by itself.
        depth = Math.max(0, depth - 1);
        open.length = Math.min(open.length, depth);
        if (line === 0) units.add(start, "setting", depth);
      } else if (opening.test(head)) {
        const label = head.trimEnd();
        open[depth] = { unit: units.open(start, "section", { level: depth, label }), label, isNamed: false };
        depth++;
      } else {
        units.add(start, "setting", depth);
        const block = open[depth - 1];
        const named = naming.exec(head);
        if (!block || block.isNamed || !named) continue;
        units.relabel(block.unit, `${block.label} ${head.trim()}`);
        block.isNamed = true;
      }
    }
  },
};
