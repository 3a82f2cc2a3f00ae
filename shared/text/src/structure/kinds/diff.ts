// Patches and `git log`: commit, file, hunk. A hunk is one unit, so its removed and added lines stay together.
import type { Lines } from "../lines.ts";
import type { TextKind } from "../text-kind.ts";
import type { UnitBuilder } from "../unit-builder.ts";

const level = { commit: 0, file: 1 } as const;
const commitLine = /^commit [0-9a-f]{7,64}\b/;
const hunkLine = /^@@@? -\d+(?:,\d+)?(?: -\d+(?:,\d+)?)? \+\d+(?:,\d+)? @@/;
const fileLine = /^(?:diff --(?:git|cc|combined) |diff -[a-zA-Z]|Index: |--- (?:[ab]\/|\/dev\/null|\S+\t\d{4}-))/;
/** Lines of a file's header after its first. */
const headerLine =
  /^(?:index |old mode |new mode |deleted file |new file |similarity index |dissimilarity index |rename |copy |Binary files |GIT binary patch|--- |\+\+\+ |={20,}$)/;

export const diff: TextKind = {
  name: "diff",
  names: /\.(?:diff|patch)$/,
  matches: ({ text, count, heads }) =>
    (text.includes("@@ -") && count(hunkLine) > 0 && count(fileLine) + count(/^\+\+\+ /) > 0) ||
    (text.startsWith("diff --git ") && count(headerLine) > 0) ||
    (commitLine.test(heads[0] ?? "") && count(/^(?:Author|Date|Merge|AuthorDate): /) > 0),
  read: (lines, units) => {
    let file: FileReading | undefined;
    let line = 0;
    const closeFile = () => {
      if (file) units.relabel(file.unit, labelOfFile(file));
      file = undefined;
    };
    while (line < lines.count) {
      const head = lines.head(line);
      if (commitLine.test(head)) {
        closeFile();
        line = readCommit(lines, line, units);
      } else if (fileLine.test(head)) {
        closeFile();
        file = { unit: units.open(lines.start(line), "file", { level: level.file }), name: head, from: "", added: 0, removed: 0 };
        line = readFileHeader(lines, line, file);
      } else if (hunkLine.test(head)) {
        units.add(lines.start(line), "hunk");
        line = readHunk(lines, line, file);
      } else {
        units.add(lines.start(line), "prose");
        line++;
        while (line < lines.count && !commitLine.test(lines.head(line)) && !fileLine.test(lines.head(line))) {
          if (hunkLine.test(lines.head(line))) break;
          line++;
        }
      }
    }
    closeFile();
  },
};

interface FileReading {
  readonly unit: number;
  /** The line that names the file as it is after the change. */
  name: string;
  /** The file's line before the change. */
  from: string;
  added: number;
  removed: number;
}

/** The commit's own lines and its subject name it; the rest of its message is prose below it. */
function readCommit(lines: Lines, from: number, units: UnitBuilder): number {
  const hash = /[0-9a-f]{7,64}/.exec(lines.head(from))?.[0].slice(0, 10) ?? "";
  const unit = units.open(lines.start(from), "commit", { level: level.commit });
  let author = "";
  let date = "";
  let line = from + 1;
  for (; line < lines.count && !lines.isBlank(line); line++) {
    const head = lines.head(line);
    author ||= /^Author:\s*([^<]*)/.exec(head)?.[1]?.trim() ?? "";
    date ||= /^(?:Author)?Date:\s*(.*)/.exec(head)?.[1]?.trim() ?? "";
    if (!/^\w[\w-]*:/.test(head)) break;
  }
  const named = lines.isBlank(line) ? line + 1 : line;
  units.relabel(unit, ["commit", hash, author, date, lines.head(named).trim()].filter(Boolean).join(" "));
  if (/^ {4}\S/.test(lines.head(named))) line = named + 1;
  while (line < lines.count && lines.isBlank(line)) line++;
  if (line >= lines.count || commitLine.test(lines.head(line)) || fileLine.test(lines.head(line))) return line;
  units.add(lines.start(line), "prose");
  while (line < lines.count && !commitLine.test(lines.head(line)) && !fileLine.test(lines.head(line))) line++;
  return line;
}

function readFileHeader(lines: Lines, from: number, file: FileReading): number {
  const note = (head: string) => {
    if (head.startsWith("+++ ")) file.name = head.startsWith("+++ /dev/null") ? `${file.from} (deleted)` : head;
    else if (head.startsWith("--- ")) file.from = head;
    else if (/^(?:rename to|copy to) /.test(head)) file.name = `${file.name.replace(/^diff --git /, "")} (${head})`;
    else if (head.startsWith("Binary files")) file.name = head;
  };
  note(lines.head(from));
  let line = from + 1;
  while (line < lines.count && headerLine.test(lines.head(line))) note(lines.head(line++));
  return line;
}

function readHunk(lines: Lines, from: number, file: FileReading | undefined): number {
  const [, removed = "1", added = "1"] = /^@@@? -\d+(?:,(\d+))?.* \+\d+(?:,(\d+))? @@/.exec(lines.head(from)) ?? [];
  // Numbers of lines that the header promises: a line `--- a` within them is a removed one, not the next file.
  let oldLeft = Number(removed);
  let newLeft = Number(added);
  let line = from + 1;
  for (; line < lines.count; line++) {
    const head = lines.head(line);
    const mark = head[0] ?? " ";
    const isPromised = oldLeft > 0 || newLeft > 0;
    if (!/^[-+ \\]/.test(mark) || (!isPromised && (fileLine.test(head) || mark === " "))) {
      if (!(head === "" && isPromised)) break;
    }
    // Some writers are wrong about the numbers: a header of a file ends the hunk.
    if (fileLine.test(head) && lines.head(line + 1).startsWith("+++ ")) break;
    if (mark === "-") {
      oldLeft--;
      if (file) file.removed++;
    } else if (mark === "+") {
      newLeft--;
      if (file) file.added++;
    } else if (mark === " ") {
      oldLeft--;
      newLeft--;
    }
  }
  return line;
}

const labelOfFile = ({ name, added, removed }: FileReading): string =>
  added + removed === 0 ? name : `${name} (+${added} -${removed})`;
