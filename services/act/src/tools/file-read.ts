// file.read: a text or JSON file in the allowed folders.
import { extname } from "node:path";
import { z } from "zod";
import { actSection } from "../config.ts";
import { decodeText, parseContent } from "../files/decode-text.ts";
import { openFile } from "../files/open-file.ts";
import { encodingIn, type FileRange, readRange } from "../files/read-range.ts";
import { defineTool } from "../tool.ts";

const lineNumber = z.int().min(1).optional();
const inputSchema = z
  .strictObject({
    path: z.string().min(1).max(4096).describe("Path of the file, relative to an allowed root."),
    parse: z.enum(["auto", "json", "text"]).default("auto").describe("auto returns JSON files as JSON data, others as text."),
    fromLine: lineNumber.describe("First line to return, counted from 1."),
    toLine: lineNumber.describe("Last line to return."),
    fromByte: z.int().min(0).optional().describe("First byte to return, counted from 0."),
    byteLength: z.int().min(1).optional().describe("How many bytes to return."),
  })
  .refine((input) => rangesOf(input).length < 2, { message: "give lines or bytes, not both", path: ["fromByte"] })
  .refine((input) => (input.fromLine ?? 1) <= (input.toLine ?? Number.POSITIVE_INFINITY), {
    message: "must not be before fromLine",
    path: ["toLine"],
  });

export default defineTool({
  name: "file.read",
  description: "Reads a text or JSON file (UTF-8 or UTF-16), whole or in part. JSON files come back as JSON data.",
  arguments: inputSchema,
  example: { path: "package.json" },
  timeoutMs: 15_000,
  idempotent: true,
  settings: actSection,
  async run(input, { settings, signal, maxResultBytes }) {
    signal.throwIfAborted();
    const { handle, sizeBytes } = await openFile(input.path, settings);
    try {
      const shown = JSON.stringify(input.path);
      const range = rangesOf(input)[0];
      const encoding = await encodingIn(handle);
      const bytes = await readRange(handle, range, encoding, maxResultBytes, signal);
      const text = decodeText(bytes, shown, encoding, range?.unit === "bytes" ? { fromByte: range.from } : undefined);
      const mode = range && input.parse === "auto" ? "text" : input.parse;
      const content = parseContent(text, mode, kindOf(input.path), shown);
      return { path: input.path, sizeBytes, ...(range ? { range } : {}), content };
    } finally {
      await handle.close();
    }
  },
});

interface RangeInput {
  readonly fromLine?: number | undefined;
  readonly toLine?: number | undefined;
  readonly fromByte?: number | undefined;
  readonly byteLength?: number | undefined;
}

function rangesOf({ fromLine, toLine, fromByte, byteLength }: RangeInput): FileRange[] {
  const ranges: FileRange[] = [];
  if (fromLine !== undefined || toLine !== undefined) {
    ranges.push({ unit: "lines", from: fromLine ?? 1, to: toLine ?? Number.MAX_SAFE_INTEGER });
  }
  if (fromByte !== undefined || byteLength !== undefined) {
    ranges.push({ unit: "bytes", from: fromByte ?? 0, length: byteLength ?? Number.MAX_SAFE_INTEGER });
  }
  return ranges;
}

function kindOf(path: string): "json" | "jsonl" | "other" {
  const ending = extname(path).toLowerCase();
  if (ending === ".json") return "json";
  return ending === ".jsonl" || ending === ".ndjson" ? "jsonl" : "other";
}
