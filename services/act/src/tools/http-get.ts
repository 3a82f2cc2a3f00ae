// http.get: text or JSON from a host on the allow-list.
import { lookup } from "node:dns/promises";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { ResolveHost } from "@nocp/runtime/network/checked-lookup.ts";
import { z } from "zod";
import { actSection } from "../config.ts";
import { parseContent } from "../files/decode-text.ts";
import { getChecked } from "../network/get-checked.ts";
import { defineTool } from "../tool.ts";

const jsonType = /^application\/(?:[\w.-]+\+)?json\b/i;
const jsonLinesType = /^application\/(?:x-ndjson|jsonl|json-lines)\b/i;
const textType =
  /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|yaml|javascript)\b|application\/(?:x-ndjson|jsonl|x-yaml)\b)/i;

const isPlainUrl = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
};

/** @param resolveHost name resolution; every address it gives is checked. */
export const createHttpGet = (resolveHost: ResolveHost) =>
  defineTool({
    name: "http.get",
    description: "Fetches text or JSON over HTTP from a host that the configuration allows. Follows redirects.",
    arguments: z.strictObject({
      url: z.string().max(8192).refine(isPlainUrl, "must be an http or https URL without user name and password"),
      parse: z.enum(["auto", "json", "text"]).default("auto").describe("auto returns JSON as JSON data, all else as text."),
    }),
    example: { url: "https://example.com/" },
    timeoutMs: 15_000,
    maxAttempts: 3,
    idempotent: true,
    cacheTtlMs: 30_000,
    settings: actSection,
    async run({ url: start, parse }, { settings, signal, timeoutMs, maxResultBytes }) {
      signal.throwIfAborted();
      const limits = { signal, timeoutMs, maxBytes: maxResultBytes };
      const { url, status, contentType, body } = await getChecked(new URL(start), settings, limits, resolveHost);
      const text = decodeBody(body, contentType, new URL(url).host);
      const kind = jsonLinesType.test(contentType) ? "jsonl" : jsonType.test(contentType) ? "json" : "other";
      return { url, status, contentType, content: parseContent(text, parse, kind, `the answer of ${new URL(url).host}`) };
    },
  });

export default createHttpGet((hostname) => lookup(hostname, { all: true }));

/** By the charset the server names, else UTF-8. @throws NocpError TOOL_REFUSED for what is not text. */
function decodeBody(body: Buffer, contentType: string, host: string): string {
  if (contentType !== "" && !textType.test(contentType)) {
    throw new NocpError("TOOL_REFUSED", `${host} answered ${contentType.slice(0, 100)}, which is not text`);
  }
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    throw new NocpError("TOOL_REFUSED", `${host} answered in the unknown charset ${charset}`);
  }
}
