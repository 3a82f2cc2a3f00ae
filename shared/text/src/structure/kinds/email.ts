// Mail: each message under who wrote it, when and about what; what it quotes under who is quoted.
import type { Lines } from "../lines.ts";
import type { TextKind } from "../text-kind.ts";

const header =
  /^(?:From|To|Cc|Bcc|Date|Sent|Subject|Reply-To|Message-ID|In-Reply-To|Von|An|Gesendet|Betreff|De|À|Objet|Para|Asunto):\s/i;
const from = /^(?:From|Von|De):\s*\S|^From \S+@/i;
const attribution = /^(?:On |Am |Le |El )?.{6,160}(?:wrote|schrieb(?: .{1,80})?|a écrit|escribió):\s*$/i;
const separator = /^\s*-{2,}\s*(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Message d'origine)\s*-{2,}\s*$/i;
const quoted = /^\s*>/;

/** Two header lines in a row, one of them the sender's. */
const isHeaderBlock = (lines: Lines, line: number): boolean =>
  header.test(lines.head(line)) &&
  (line === 0 || !header.test(lines.head(line - 1))) &&
  (from.test(lines.head(line)) || from.test(lines.head(line + 1)) || from.test(lines.head(line + 2))) &&
  header.test(lines.head(line + 1));

export const email: TextKind = {
  name: "email",
  matches: ({ lines, heads, count }) => {
    if (heads.length < 4 || count(header) < 2) return false;
    for (let line = 0; line < Math.min(lines.count, 40); line++) if (isHeaderBlock(lines, line)) return true;
    return false;
  },
  read: (lines, units) => {
    for (let line = 0; line < lines.count; line++) {
      const head = lines.head(line);
      if (lines.isBlank(line) || separator.test(head)) continue;
      const start = lines.start(line);
      if (isHeaderBlock(lines, line)) {
        const fields: string[] = [];
        for (; line < lines.count && !lines.isBlank(line); line++)
          if (/^(?:From|Date|Sent|Subject|Von|Gesendet|Betreff|De|Objet|Asunto):/i.test(lines.head(line)))
            fields.push(lines.head(line).trim());
        units.open(start, "message", { level: 0, label: fields.sort(bySender).join(" · ") });
        line--;
      } else if (attribution.test(head) && !quoted.test(head)) units.open(start, "turn", { level: 1 });
      else {
        const isQuoted = quoted.test(head);
        units.add(start, isQuoted ? "quote" : "prose", isQuoted ? undefined : 1);
        while (line + 1 < lines.count && !lines.isBlank(line + 1) && quoted.test(lines.head(line + 1)) === isQuoted) {
          if (isHeaderBlock(lines, line + 1) || attribution.test(lines.head(line + 1))) break;
          line++;
        }
      }
    }
  },
};

/** Sender, date, subject: a label is cut at its end. */
const bySender = (a: string, b: string): number => rank(a) - rank(b);
const rank = (field: string): number => (from.test(field) ? 0 : /^(?:Date|Sent|Gesendet):/i.test(field) ? 1 : 2);
