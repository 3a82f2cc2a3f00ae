// Reasoning as one text: its items without the blanks around them, a blank line between two. Whole, or piece by piece: the
// pieces make up the whole.

export interface ReasoningText {
  /** @returns what the piece adds. Blanks at an item's end wait for what follows them. */
  push(item: number, text: string): string;
}

export function createReasoningText(): ReasoningText {
  let current: number | undefined;
  let hasText = false;
  let isItemBegun = false;
  let blanks = "";
  return {
    push(item, text) {
      if (item !== current) {
        current = item;
        isItemBegun = false;
        blanks = "";
      }
      const begun = isItemBegun ? text : text.trimStart();
      const written = begun.trimEnd();
      const before = isItemBegun ? blanks : hasText ? "\n\n" : "";
      if (written === "") {
        if (isItemBegun) blanks += begun;
        return "";
      }
      blanks = begun.slice(written.length);
      isItemBegun = true;
      hasText = true;
      return before + written;
    },
  };
}

export function joinReasoning(items: readonly string[]): string {
  return items
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .join("\n\n");
}
