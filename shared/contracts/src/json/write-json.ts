// Compact JSON of a value that may be nested deeper than the stack.
import { isExactNumber } from "./exact-numbers.ts";

/** @param value a JSON value. @throws RangeError when the text is longer than a string can be. */
export function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return writeDeepJson(value);
  }
}

interface Frame {
  readonly container: object;
  /** Null for a list. */
  readonly keys: readonly string[] | null;
  next: number;
}

/** Ten times slower than `JSON.stringify`, and without recursion. */
function writeDeepJson(root: unknown): string {
  let text = "";
  const frames: Frame[] = [];
  const write = (value: unknown): void => {
    const isContainer = typeof value === "object" && value !== null && !isExactNumber(value);
    if (!isContainer) {
      text += JSON.stringify(value);
      return;
    }
    const keys = Array.isArray(value) ? null : Object.keys(value);
    text += keys ? "{" : "[";
    frames.push({ container: value, keys, next: 0 });
  };
  write(root);
  for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
    const { container, keys } = frame;
    const position = frame.next++;
    if (position === (keys ?? (container as unknown[])).length) {
      text += keys ? "}" : "]";
      frames.pop();
      continue;
    }
    if (position > 0) text += ",";
    if (keys) text += `${JSON.stringify(keys[position])}:`;
    write((container as Record<string, unknown>)[keys ? keys[position]! : position]);
  }
  return text;
}
