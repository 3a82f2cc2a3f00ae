// How much work a text makes: what is large is not done in the main thread.

/**
 * From this size on, work goes to a worker thread. 100,000 characters (25,000 tokens of prose) took assess 40 ms as prose, log
 * lines 45, records 90 and source code 130, on two busy cores of which another program had most.
 */
export const largeSize = 100_000;

/** Short lines take 3 to 9 µs each, whatever they hold; ten characters of prose take as long. */
const charactersPerLine = 10;

/** Characters, and what lines add to them; line breaks within JSON count as well. */
export const sizeOfText = (text: string): number =>
  text.length + charactersPerLine * (occurrences(text, "\n") + occurrences(text, "\\n"));

export const sizeOfTexts = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + sizeOfText(text), 0);

function occurrences(text: string, sought: string): number {
  let found = 0;
  for (let at = text.indexOf(sought); at !== -1; at = text.indexOf(sought, at + sought.length)) found++;
  return found;
}
