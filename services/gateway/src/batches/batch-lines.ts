// The lines of a batch's input, one after the other as they are read, and what is wrong with them.
import { parseExactly } from "@nocp/contracts/json/exact-numbers.ts";
import { z } from "zod";

export interface InputLine {
  /** From 0, blank lines not counted. */
  readonly number: number;
  readonly text: string;
}

const lineFeed = 10;

/** @throws Error for a line of more than `maxBytes`. */
export async function* readLines(content: AsyncIterable<Uint8Array>, maxBytes: number): AsyncIterable<InputLine> {
  let number = 0;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  const take = (): InputLine[] => {
    const text = Buffer.concat(held, heldBytes).toString("utf8").trim();
    held = [];
    heldBytes = 0;
    return text === "" ? [] : [{ number: number++, text }];
  };
  for await (const chunk of content) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      held.push(chunk.subarray(start, end));
      heldBytes += end - start;
      start = end + 1;
      yield* take();
    }
    held.push(chunk.subarray(start));
    heldBytes += chunk.byteLength - start;
    if (heldBytes > maxBytes) throw new LineTooLong(number + 1, maxBytes);
  }
  yield* take();
}

export class LineTooLong extends Error {
  readonly line: number;
  constructor(line: number, maxBytes: number) {
    super(`line ${line} is longer than ${maxBytes} bytes`);
    this.line = line;
  }
}

const lineSchema = z.object({
  custom_id: z.string().min(1).max(512),
  method: z.literal("POST"),
  url: z.string(),
  body: z.record(z.string(), z.unknown()),
});
export type BatchLine = z.infer<typeof lineSchema>;

export interface LineError {
  readonly code: string;
  readonly message: string;
  /** From 1. */
  readonly line: number | null;
  readonly param: string | null;
}

/** @param endpoint that the batch names. */
export function parseLine({ number, text }: InputLine, endpoint: string): BatchLine | LineError {
  const wrong = (code: string, message: string, param: string | null = null): LineError => ({
    ...{ code, message, param, line: number + 1 },
  });
  let value: unknown;
  try {
    value = parseExactly(number === 0 ? text.replace(/^\uFEFF/, "") : text);
  } catch {
    return wrong("invalid_json_line", "This line is not parseable as valid JSON.");
  }
  const checked = lineSchema.safeParse(value);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return wrong("invalid_request", `${issue?.path.join(".") || "the line"}: ${issue?.message}`, String(issue?.path[0] ?? ""));
  }
  if (checked.data.url !== endpoint)
    return wrong("mismatched_url", `The URL of this line differs from the batch's endpoint, ${endpoint}.`, "url");
  return checked.data;
}

export const isLine = (parsed: BatchLine | LineError): parsed is BatchLine => "custom_id" in parsed;
