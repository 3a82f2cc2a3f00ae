// Output of a terminal as a reader saw it at the end: without colours and cursor movements, progress bars as they last stood.

/** Sequences of control (ECMA-48): with parameters, of an operating system's strings, and of two characters. */
const escapeCode = "\u001b";
const sequence = new RegExp(
  `${escapeCode}(?:\\[([0-9:;<=>?]{0,32})[ -/]{0,4}([@-~])|[\\]PX^_][^\\u0007${escapeCode}]{0,4096}(?:\\u0007|${escapeCode}\\\\)?|[ -/]{0,4}[0-~])`,
  "g",
);
const loneReturn = /\r(?!\n)/;

/** Whether anything in a text is for a terminal and not for a reader. */
export const isForTerminals = (text: string): boolean =>
  text.includes(escapeCode) || text.includes("\b") || loneReturn.test(text);

/** Codes that change how text looks, and ends of lines that are wiped although nothing stands there. */
const looks = new RegExp(`${escapeCode}\\[[0-9:;]{0,32}[mK]`, "g");

/** The text without codes that only change how it looks; equal to `plainTerminalText` where no text was written over. */
export const withoutLooks = (text: string): string => text.replace(looks, "").replaceAll("\r\n", "\n");

/** Parts written one over the other, the last one on top; an empty `null` part wipes what is below it. */
type Row = (string | null)[];

/** Linear in the text. A text without anything for terminals is handed back as it is. */
export function plainTerminalText(text: string): string {
  if (!isForTerminals(text)) return text;
  const rows: Row[] = [[]];
  let row = 0;
  let fresh = false;
  const current = (): Row => rows[row] as Row;
  const write = (part: string) => {
    const parts = current();
    const last = parts.at(-1);
    if (fresh || last === undefined || last === null) parts.push(part);
    else parts[parts.length - 1] = last + part;
    fresh = false;
  };
  const moveTo = (target: number) => {
    row = Math.max(0, target);
    while (rows.length <= row) rows.push([]);
    fresh = true;
  };
  const writePlain = (plain: string) => {
    let from = 0;
    for (let at = 0; at < plain.length; at++) {
      const code = plain.charCodeAt(at);
      if (code > 13 || (code !== 8 && code !== 10 && code !== 13)) continue;
      if (at > from) write(plain.slice(from, at));
      from = at + 1;
      if (code === 10) {
        moveTo(row + 1);
        fresh = false;
      } else if (code === 13) fresh = true;
      else backspace(current());
    }
    if (from < plain.length) write(plain.slice(from));
  };
  let from = 0;
  for (const match of text.matchAll(sequence)) {
    writePlain(text.slice(from, match.index));
    from = match.index + match[0].length;
    const [, parameters = "", command] = match;
    const count = Math.min(1000, Number.parseInt(parameters, 10) || 1);
    if (command === "A" || command === "F") moveTo(row - count);
    else if (command === "B" || command === "E") moveTo(Math.min(row + count, rows.length - 1));
    else if (command === "G") fresh = true;
    else if (command === "K" && (fresh || parameters === "2")) current().push(null);
  }
  writePlain(text.slice(from));
  return rows.map(textOf).join("\n").replaceAll(escapeCode, "");
}

function backspace(parts: Row): void {
  const last = parts.at(-1);
  if (!last) return;
  const isPair = last.length > 1 && last.charCodeAt(last.length - 1) >= 0xdc00 && last.charCodeAt(last.length - 1) <= 0xdfff;
  parts[parts.length - 1] = last.slice(0, isPair ? -2 : -1);
}

/** Where parts were written over each other by a return alone, they show progress if only numbers and bars differ. */
function textOf(parts: Row): string {
  const visible = parts.slice(parts.lastIndexOf(null) + 1) as string[];
  if (visible.length < 2) return visible[0] ?? "";
  const isProgress = lettersOf(visible[0] ?? "") === lettersOf(visible.at(-1) ?? "") || parts.includes(null);
  // Lines that end in a return, as old systems wrote them, say each their own.
  if (!isProgress) return visible.join("\n");
  let shown = "";
  for (let at = visible.length - 1; at >= 0; at--) shown += (visible[at] ?? "").slice(shown.length);
  return shown.trimEnd();
}

const lettersOf = (part: string): string =>
  part
    .slice(0, 200)
    .replace(/[^\p{L}]+/gu, "")
    .slice(0, 16);
