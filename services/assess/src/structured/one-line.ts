// A text of several lines on one. Linear, unlike an expression that looks for blanks on both sides of a line break.

/**
 * @param glue stands where lines met; blanks beside it and empty lines are left out.
 * @param keepsEnds whether a line break at an end leaves the glue there.
 */
export function oneLine(text: string, glue = " ", keepsEnds = false): string {
  if (!text.includes("\n")) return text;
  const lines = text.split("\n");
  const inner = lines.flatMap((line, at) => {
    const own = at === 0 ? line.trimEnd() : at === lines.length - 1 ? line.trimStart() : line.trim();
    return own === "" ? [] : [own];
  });
  const joined = inner.join(glue);
  if (!keepsEnds) return joined;
  return `${text.startsWith("\n") ? glue : ""}${joined}${text.endsWith("\n") && joined !== "" ? glue : ""}`;
}
