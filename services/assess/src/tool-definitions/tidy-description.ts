// Descriptions of tools and their arguments, without layout that only an editor needs.

/** Without blanks at the ends of lines, more than one empty line, and the indentation that all lines but the first share. */
export function tidyDescription(text: string): string {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const indents = lines.slice(1).flatMap((line) => (line.trim() === "" ? [] : [line.length - line.trimStart().length]));
  const shared = Math.min(...indents, Number.MAX_SAFE_INTEGER);
  const cut = lines.map((line, at) => (at === 0 ? line : line.slice(shared)).trimEnd());
  return cut
    .filter((line, at) => line !== "" || cut[at - 1] !== "")
    .join("\n")
    .trim();
}

/** What frameworks add to a tool's name for the title of its arguments. */
const argumentsSuffix = /(arguments|args|params|parameters|input|schema)$/;

/** Whether a title says a name again: `Repo Name` of `repo_name`, `search_filesArguments` of `search_files`. */
export function isNamedAlike(title: string, name: string | undefined): boolean {
  if (name === undefined) return false;
  const known = letters(name);
  const own = letters(title);
  return own === known || own.replace(argumentsSuffix, "") === known;
}

const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
