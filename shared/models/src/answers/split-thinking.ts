// `<think>…</think>` at the beginning of an open model's text is its reasoning, also when it comes in pieces. Some models' chat
// templates end a prompt with the opening tag: their text begins inside the reasoning, and has the closing tag alone.

const opening = "<think>";
const closing = "</think>";

export interface ThinkingSplitter {
  /** @returns the part of the answer's text that is certain by now. */
  push(piece: string): string;
  /**
   * @param isFinished whether the model ended by itself: it did not think where nothing closes what its template has opened.
   * @returns what is left of the answer's text.
   */
  end(isFinished: boolean): string;
  /** The reasoning so far. */
  readonly reasoning: string;
}

/**
 * Only at the beginning, because a text may speak of the tag.
 * @param onReasoning takes the reasoning as it comes.
 * @param isOpen whether the text begins inside the reasoning.
 */
export function createThinkingSplitter(onReasoning?: (piece: string) => void, isOpen = false): ThinkingSplitter {
  let state: "start" | "thinking" | "text" = "start";
  let held = "";
  let reasoning = "";
  let isTagged = false;
  let textBegan = false;
  const textFrom = (piece: string): string => {
    // The blank lines after the tag belong to it.
    const text = textBegan || !isTagged ? piece : piece.trimStart();
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
      isTagged = begun.startsWith(opening);
      state = isTagged || isOpen ? "thinking" : "text";
      if (isTagged) held = begun.slice(opening.length);
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
      isTagged = true;
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
    end: (isFinished) => {
      const rest = held;
      held = "";
      if (state === "thinking") {
        think(rest);
        return isFinished && !isTagged ? reasoning : "";
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

/** What is known of an answer beside its text. */
export interface WrittenAnswer {
  /** Whether its text begins inside the reasoning. */
  readonly isOpen: boolean;
  /** Whether the model ended by itself. */
  readonly isFinished: boolean;
  /** Whether somebody has read the text as it came: what was shown as text stays text. */
  readonly isShown: boolean;
}

/**
 * Text and reasoning of an answer that is complete. Where nobody has said that a template opens the reasoning, and nobody has
 * seen the text, a closing tag alone on a line tells.
 */
export function splitThinking(
  whole: string,
  { isOpen, isFinished, isShown }: WrittenAnswer,
): { readonly text: string; readonly reasoning: string } {
  const splitter = createThinkingSplitter(undefined, isOpen);
  const text = splitter.push(whole) + splitter.end(isFinished);
  const { reasoning } = splitter;
  const before = isOpen || isShown || reasoning !== "" ? undefined : closedAlone.exec(text)?.[1];
  if (before === undefined || /<think>|```/.test(before)) return { text, reasoning };
  return { text: text.slice(before.length + closing.length).trimStart(), reasoning: before.trim() };
}
