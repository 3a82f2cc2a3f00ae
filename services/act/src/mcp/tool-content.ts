// What an MCP server answered to a call, as the data of a tool result.
import type { CallToolResult } from "@modelcontextprotocol/client";
import { parseKeepingDigits } from "@nocp/contracts/json/exact-numbers.ts";

type Block = CallToolResult["content"][number];

/** Structured content where there is some: its text repeats it. Otherwise the texts, as data where they are JSON. */
export function dataOf({ structuredContent, content }: CallToolResult): unknown {
  if (structuredContent !== undefined) return structuredContent;
  const parts = content.map(partOf);
  return parts.length === 1 ? parts[0] : parts.every((part) => typeof part === "string") ? parts.join("\n\n") : parts;
}

/** What a failed call says. */
export const textOf = ({ content }: CallToolResult): string =>
  content
    .map((block) => (block.type === "text" ? block.text : ""))
    .join("\n")
    .trim();

function partOf(block: Block): unknown {
  switch (block.type) {
    case "text":
      return jsonOrText(block.text);
    case "resource":
      return "text" in block.resource
        ? jsonOrText(block.resource.text)
        : leftOut("resource", block.resource.mimeType, block.resource.blob);
    case "resource_link":
      return { type: "resource_link", uri: block.uri, name: block.name };
    default:
      return leftOut(block.type, block.mimeType, block.data);
  }
}

/** Bytes are no context: a model would read base64. */
const leftOut = (type: string, mimeType: string | undefined, base64: string) => ({
  type,
  mimeType: mimeType ?? "application/octet-stream",
  bytes: Math.floor((base64.length * 3) / 4),
  note: "left out: only text is passed on",
});

/** A text that is one JSON document is data, which later steps can shorten better. */
function jsonOrText(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return parseKeepingDigits(text);
  } catch {
    return text;
  }
}
