// The code of CONTRIBUTING.md: what each section tells people to write, and into which file.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Step {
  /** Below the project's folder. */
  readonly file: string;
  /** `create` writes a new file; `edit` replaces lines of one that exists. */
  readonly action: "create" | "edit";
  readonly code: string;
}

const codeBlock = /^( *)```(\w+) file=(\S+)\n([\s\S]*?)^\1```$/gm;

/** The steps of the section with this heading, in order; empty when there is none. */
export function stepsOf(markdown: string, heading: string): Step[] {
  const section = markdown.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(codeBlock)].map(([, indent = "", language, file = "", code = ""]) => ({
    file,
    action: language === "diff" ? "edit" : "create",
    code: code.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

/** @param root of the copy that is changed. @throws Error when the lines to replace are not there, or not once. */
export function follow({ file, action, code }: Step, root: string): void {
  const path = join(root, file);
  if (action === "create") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code, { flag: "wx" });
    return;
  }
  const linesAfter = (mark: string): string =>
    code
      .split("\n")
      .filter((line) => line.startsWith(mark) || line.startsWith(" "))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  const text = readFileSync(path, "utf8");
  const [before, ...rest] = text.split(linesAfter("-"));
  if (rest.length !== 1) throw new Error(`CONTRIBUTING.md changes lines of ${file} that occur ${rest.length} times:\n${code}`);
  writeFileSync(path, `${before}${linesAfter("+")}${rest[0]}`);
}
