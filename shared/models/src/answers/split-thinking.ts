// `<think>…</think>` at the beginning of an open model's text is its reasoning, also when it comes in pieces.

const opening = "<think>";
const closing = "</think>";

export interface ThinkingSplitter {
  /** @returns the part of the answer's text that is certain by now. */
  push(piece: string): string;
  /** @returns what is left of the answer's text. */
  end(): string;
  /** The reasoning so far. */
  readonly reasoning: string;
}

/**
 * Only at the beginning, because a text may speak of the tag.
 * @param onReasoning takes the reasoning as it comes.
 */
export function createThinkingSplitter(onReasoning?: (piece: string) => void): ThinkingSplitter {
  let state: "start" | "thinking" | "text" = "start";
  let held = "";
  let reasoning = "";
  let textBegan = false;
  const textFrom = (piece: string): string => {
    // The blank lines after the tag belong to it.
    const text = textBegan || reasoning === "" ? piece : piece.trimStart();
    textBegan ||= text !== "";
    return text;
  };
  const think = (piece: string): void => {
    reasoning += piece;
    if (piece !== "") onReasoning?.(piece);
  };
  const advance = (): string => {
    if (state === "start") {
      const begun = held.trimStart();
      if (begun.length < opening.length && opening.startsWith(begun)) return "";
      state = begun.startsWith(opening) ? "thinking" : "text";
      if (state === "thinking") held = begun.slice(opening.length);
    }
    if (state === "thinking") {
      const end = held.indexOf(closing);
      if (end === -1) {
        const kept = lengthOfBeginning(held, closing);
        think(held.slice(0, held.length - kept));
        held = held.slice(held.length - kept);
        return "";
      }
      think(held.slice(0, end));
      held = held.slice(end + closing.length);
      state = "text";
    }
    const text = textFrom(held);
    held = "";
    return text;
  };
  return {
    push: (piece) => {
      held += piece;
      return advance();
    },
    end: () => {
      const rest = held;
      held = "";
      if (state === "thinking") {
        think(rest);
        return "";
      }
      return textFrom(rest);
    },
    get reasoning() {
      return reasoning.trim();
    },
  };
}

/** How many characters at the end of a text may be the beginning of a tag. */
function lengthOfBeginning(text: string, tag: string): number {
  for (let length = Math.min(text.length, tag.length - 1); length > 0; length--) {
    if (text.endsWith(tag.slice(0, length))) return length;
  }
  return 0;
}

const closedAlone = /^([\s\S]*?(?:^|\n))<\/think>[ \t]*\n/;

/**
 * Text and reasoning of an answer that is complete. Here a closing tag may stand alone, on a line of its own: the templates
 * of some models have opened the reasoning already.
 */
export function splitThinking(whole: string): { readonly text: string; readonly reasoning: string } {
  const splitter = createThinkingSplitter();
  const text = splitter.push(whole) + splitter.end();
  const { reasoning } = splitter;
  const before = reasoning === "" ? closedAlone.exec(text)?.[1] : undefined;
  if (before === undefined || /<think>|```/.test(before)) return { text, reasoning };
  return { text: text.slice(before.length + closing.length).trimStart(), reasoning: before.trim() };
}
