// HTML and XML as text with structure: headings, lists, tables and code of a page as Markdown; elements of data by indentation.
import { Parser } from "htmlparser2";
import { pageAsText } from "./page-as-text.ts";

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
  for (const end of ["</", "/>"])
    for (let at = text.indexOf(end); at !== -1 && tags < fewestTags; at = text.indexOf(end, at + 2)) tags++;
  if (tags < fewestTags) return undefined;
  if (htmlStart.test(start) || /<(?:body|html)\b/i.test(start)) return "html";
  return xmlStart.test(start) ? "xml" : undefined;
}

/** @returns text with structure; without scripts, styles, navigation and what else is not content. */
export const readableMarkup = (source: string, kind: MarkupKind): string =>
  kind === "html" ? pageAsText(source) : dataAsText(source);

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
