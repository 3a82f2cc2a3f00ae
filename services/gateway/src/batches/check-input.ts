// What is wrong with the input of a batch, before a line of it is asked.
import { isLine, type LineError, LineTooLong, parseLine, readLines } from "./batch-lines.ts";

const mostErrors = 100;

export async function checkInput(
  content: AsyncIterable<Uint8Array>,
  endpoint: string,
  { maxLines, maxLineBytes }: { readonly maxLines: number; readonly maxLineBytes: number },
  signal: AbortSignal,
): Promise<{ readonly total: number; readonly errors: readonly LineError[] }> {
  const errors: LineError[] = [];
  const ids = new Set<string>();
  let total = 0;
  const add = (code: string, message: string, line: number | null, param: string | null = null) => {
    if (errors.length < mostErrors) errors.push({ code, message, line, param });
  };
  try {
    for await (const line of readLines(content, maxLineBytes)) {
      signal.throwIfAborted();
      if (++total > maxLines) {
        add("too_many_requests", `A batch has at most ${maxLines} lines.`, null);
        break;
      }
      const parsed = parseLine(line, endpoint);
      if (!isLine(parsed)) add(parsed.code, parsed.message, parsed.line, parsed.param);
      else if (ids.has(parsed.custom_id)) add("duplicate_custom_id", "Another line has this custom_id.", total, "custom_id");
      else ids.add(parsed.custom_id);
    }
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error;
    add("line_too_long", `The ${error.message}.`, error.line);
  }
  if (total === 0 && errors.length === 0) add("empty_file", "The input file holds no lines.", null);
  return { total, errors };
}
