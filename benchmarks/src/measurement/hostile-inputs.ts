// Texts that are expensive for careless readers: one piece, repeated up to a size.

/** In UTF-16 units. */
const hostileLength = 200_000;

const pieces: Readonly<Record<string, string>> = {
  "exclamation marks": "!",
  dots: ".",
  blanks: " ",
  digits: "1",
  letters: "a",
  brackets: "[]",
  quotes: '"',
  "open brackets": "(",
  "open tags": "<div>",
  "open comments": "<!--",
  "line breaks": "\n",
  rules: "-",
  "words in capitals": "AA ",
  "list marks": "- ",
  escapes: "\u001b[31m",
  accents: "\u0301",
  ideographs: "字",
  "halves of characters": "\ud800",
  "zero-width blanks": "\u200b",
};

export interface HostileInput {
  readonly name: string;
  readonly text: string;
}

export const hostileInputs: readonly HostileInput[] = Object.entries(pieces).map(([name, piece]) => ({
  name,
  text: piece.repeat(hostileLength / piece.length),
}));
