// An HTML page as Markdown: what stands in blocks becomes paragraphs, and content that is none is left out.
import { Parser } from "htmlparser2";

const skipped = new Set([
  "script",
  "style",
  "noscript",
  "template",
  "svg",
  "nav",
  "footer",
  "aside",
  "iframe",
  "button",
  "select",
  "object",
]);
const blockTags = new Set(
  "p div section article main header figure figcaption blockquote dl dt dd form fieldset address details summary ul ol table".split(
    " ",
  ),
);
const isHeading = (name: string): boolean => /^h[1-6]$/.test(name);

export function pageAsText(source: string): string {
  const writer = new PageWriter();
  let skipDepth = 0;
  const parser = new Parser({
    onopentag: (name) => {
      if (skipped.has(name)) skipDepth++;
      if (skipDepth === 0) writer.open(name);
    },
    ontext: (text) => {
      if (skipDepth === 0) writer.add(text);
    },
    onclosetag: (name) => {
      if (skipped.has(name)) skipDepth = Math.max(0, skipDepth - 1);
      if (skipDepth === 0) writer.close(name);
    },
  });
  parser.end(source);
  return writer.end();
}

class PageWriter {
  readonly #out: string[] = [];
  #line = "";
  /** Of the line: the mark of a heading or of a list's item. */
  #prefix = "";
  #isVerbatim = false;
  /** The next number of each list that is open; 0 where items have none. */
  readonly #ordinals: number[] = [];
  /** Cells of the row that is open: whatever else is inside one is text. */
  #row: string[] | undefined;
  #rowsOfTable = 0;

  open(name: string): void {
    if (this.#row !== undefined && name !== "tr" && name !== "td" && name !== "th") return;
    if (isHeading(name)) this.#openLine(`${"#".repeat(Number(name[1]))} `, true);
    else if (name === "title") this.#flush();
    else if (name === "ul" || name === "ol") this.#openList(name === "ol");
    else if (name === "li") this.#openItem();
    else if (name === "table") {
      this.#flush(true);
      this.#rowsOfTable = 0;
    } else if (name === "tr") {
      this.#flush();
      this.#row = [];
    } else if (name === "td" || name === "th") this.#line = "";
    else if (name === "pre") {
      this.#flush(true);
      this.#out.push("```");
      this.#isVerbatim = true;
    } else if (name === "br") this.#line += this.#isVerbatim ? "\n" : " ";
    else if (name === "dd") this.#openLine(":   ");
    else if (blockTags.has(name)) this.#flush(this.#ordinals.length === 0);
  }

  add(text: string): void {
    this.#line += this.#isVerbatim ? text : text.replace(/\s/g, " ");
  }

  close(name: string): void {
    if (this.#row !== undefined) this.#closeInRow(this.#row, name);
    else if (name === "pre") {
      this.#flush();
      this.#isVerbatim = false;
      this.#out.push("```", "");
    } else if (name === "ul" || name === "ol") {
      this.#ordinals.pop();
      this.#flush(this.#ordinals.length === 0);
    } else if (name === "li") this.#flush();
    else if (isHeading(name) || name === "title" || name === "table") this.#flush(true);
    else if (blockTags.has(name)) this.#flush(this.#ordinals.length === 0);
  }

  end(): string {
    this.#flush();
    return this.#out.join("\n").trim();
  }

  #flush(blankAfter = false): void {
    const own = this.#isVerbatim ? this.#line.trimEnd() : this.#line.replace(/[^\S\n]+/g, " ").trim();
    if (own !== "") this.#out.push(`${this.#prefix}${own}`);
    this.#prefix = "";
    this.#line = "";
    if (blankAfter && this.#out.length > 0 && this.#out.at(-1) !== "") this.#out.push("");
  }

  #openLine(prefix: string, blankBefore = false): void {
    this.#flush(blankBefore);
    this.#prefix = prefix;
  }

  #openList(isNumbered: boolean): void {
    this.#flush(this.#ordinals.length === 0);
    this.#ordinals.push(isNumbered ? 1 : 0);
  }

  #openItem(): void {
    const ordinal = this.#ordinals.at(-1) ?? 0;
    if (ordinal > 0) this.#ordinals[this.#ordinals.length - 1] = ordinal + 1;
    const indent = "  ".repeat(Math.min(20, Math.max(0, this.#ordinals.length - 1)));
    this.#openLine(`${indent}${ordinal > 0 ? `${ordinal}.` : "-"} `);
  }

  #closeInRow(row: string[], name: string): void {
    if (name === "td" || name === "th") {
      row.push(this.#line.replace(/\s+/g, " ").trim().replaceAll("|", "\\|"));
      this.#line = "";
    } else if (name === "tr") {
      if (row.some((cell) => cell !== "")) {
        this.#out.push(`| ${row.join(" | ")} |`);
        if (this.#rowsOfTable++ === 0) this.#out.push(`|${"---|".repeat(row.length)}`);
      }
      this.#row = undefined;
      this.#line = "";
    }
  }
}
