// HTML and XML as text with structure: headings, lists, tables and code of a page as Markdown; elements of data by indentation.
import { Parser } from "htmlparser2";

export type MarkupKind = "html" | "xml";

const htmlStart =
  /^\s*(?:<!--[^>]{0,2000}-->\s*)?<(?:!doctype html|html|head|body|main|article|section|div|table|ul|ol|p|h[1-6])\b/i;
const xmlStart = /^\s*(?:<\?xml\s|<[A-Za-z][\w:.-]*(?:\s[^<>]{0,2000})?>\s*<[A-Za-z])/;

/** Tags from which on a text that begins with one is markup. */
const fewestTags = 6;

/** @returns undefined for a text that is no markup: it begins with a tag, ends with one, and has several. */
export function markupKindOf(text: string): MarkupKind | undefined {
  const start = text.slice(0, 4000);
  if (!/^\s*</.test(start.slice(0, 200)) || !/>\s*$/.test(text.slice(-200))) return undefined;
  let tags = 0;
  for (let at = text.indexOf("</"); at !== -1 && tags < fewestTags; at = text.indexOf("</", at + 2)) tags++;
  if (tags < fewestTags) return undefined;
  if (htmlStart.test(start) || /<(?:body|html)\b/i.test(start)) return "html";
  return xmlStart.test(start) ? "xml" : undefined;
}

/** @returns text with structure; without scripts, styles, navigation and what else is not content. */
export const readableMarkup = (source: string, kind: MarkupKind): string =>
  kind === "html" ? pageAsText(source) : dataAsText(source);

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

/** A page: what stands in blocks becomes paragraphs, and the rest Markdown. */
function pageAsText(source: string): string {
  const out: string[] = [];
  let line = "";
  let skipDepth = 0;
  let listDepth = 0;
  const ordinals: number[] = [];
  let prefix = "";
  let isVerbatim = false;
  let row: string[] | undefined;
  let rowsOfTable = 0;
  const flush = (blankAfter = false) => {
    const own = isVerbatim ? line.trimEnd() : line.replace(/[^\S\n]+/g, " ").trim();
    if (own !== "") out.push(`${prefix}${own}`);
    prefix = "";
    line = "";
    if (blankAfter && out.length > 0 && out.at(-1) !== "") out.push("");
  };
  const parser = new Parser({
    onopentag: (name) => {
      if (skipped.has(name)) skipDepth++;
      if (skipDepth > 0) return;
      if (row !== undefined && name !== "tr" && name !== "td" && name !== "th") return;
      if (/^h[1-6]$/.test(name)) {
        flush(true);
        prefix = `${"#".repeat(Number(name[1]))} `;
      } else if (name === "title") flush();
      else if (name === "ul" || name === "ol") {
        flush(listDepth === 0);
        listDepth++;
        ordinals.push(name === "ol" ? 1 : 0);
      } else if (name === "li") {
        flush();
        const ordinal = ordinals.at(-1) ?? 0;
        if (ordinal > 0) ordinals[ordinals.length - 1] = ordinal + 1;
        prefix = `${"  ".repeat(Math.min(20, Math.max(0, listDepth - 1)))}${ordinal > 0 ? `${ordinal}.` : "-"} `;
      } else if (name === "table") {
        flush(true);
        rowsOfTable = 0;
      } else if (name === "tr") {
        flush();
        row = [];
      } else if (name === "td" || name === "th") line = "";
      else if (name === "pre") {
        flush(true);
        out.push("```");
        isVerbatim = true;
      } else if (name === "br") line += isVerbatim ? "\n" : " ";
      else if (name === "dd") {
        flush();
        prefix = ":   ";
      } else if (blockTags.has(name)) flush(listDepth === 0);
    },
    ontext: (text) => {
      if (skipDepth === 0) line += isVerbatim ? text : text.replace(/\s/g, " ");
    },
    onclosetag: (name) => {
      if (skipped.has(name)) skipDepth = Math.max(0, skipDepth - 1);
      if (skipDepth > 0) return;
      if ((name === "td" || name === "th") && row !== undefined) {
        row.push(line.replace(/\s+/g, " ").trim().replaceAll("|", "\\|"));
        line = "";
      } else if (name === "tr" && row !== undefined) {
        if (row.some((cell) => cell !== "")) {
          out.push(`| ${row.join(" | ")} |`);
          if (rowsOfTable++ === 0) out.push(`|${"---|".repeat(row.length)}`);
        }
        row = undefined;
        line = "";
      } else if (row !== undefined) return;
      else if (name === "pre") {
        flush();
        isVerbatim = false;
        out.push("```", "");
      } else if (name === "ul" || name === "ol") {
        listDepth = Math.max(0, listDepth - 1);
        ordinals.pop();
        flush(listDepth === 0);
      } else if (name === "li") flush();
      else if (/^h[1-6]$/.test(name) || name === "title" || name === "table") flush(true);
      else if (blockTags.has(name)) flush(listDepth === 0);
    },
  });
  parser.end(source);
  flush();
  return out.join("\n").trim();
}

/** Elements as `name: text` below the elements around them, attributes behind the name. */
function dataAsText(source: string): string {
  const out: string[] = [];
  let depth = 0;
  let text = "";
  /** Position in `out` of the element that was opened last, while nothing else has come. */
  let opened = -1;
  const own = () => text.replace(/\s+/g, " ").trim();
  const endText = () => {
    const said = own();
    text = "";
    if (said === "") return;
    if (opened === -1) out.push(`${indentOf(depth)}${said}`);
    else out[opened] = `${out[opened]} ${said}`;
  };
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        endText();
        const named = Object.entries(attributes).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
        opened = out.push(`${indentOf(depth)}${name}${named.join("")}:`) - 1;
        depth++;
      },
      ontext: (said) => {
        text += said;
      },
      onclosetag: () => {
        endText();
        opened = -1;
        depth--;
      },
    },
    { xmlMode: true },
  );
  parser.end(source);
  return out.join("\n");
}

const indentOf = (depth: number): string => "  ".repeat(Math.min(40, Math.max(0, depth)));
