// Texts that are expensive for careless readers: one piece, repeated up to a size.

/** In UTF-16 units. */
export const hostileLength = 200_000;

const pieces: Readonly<Record<string, string>> = {
  "exclamation marks": "!",
  dots: ".",
  blanks: " ",
  digits: "1",
  "numbers and commas": "1,",
  letters: "a",
  "letters on lines": "a\n",
  "words in capitals": "AA ",
  abbreviations: "e.g. ",
  "keys and values": "a: b\n",
  brackets: "[]",
  "open brackets": "(",
  "nested objects": '{"a":',
  quotes: '"',
  backslashes: "\\",
  "quoted fields": '"",',
  "line breaks": "\n",
  "carriage returns": "\r",
  rules: "-",
  "number signs": "#",
  "cells of tables": "| a ",
  "list marks": "- ",
  fences: "```\n",
  quotations: ">\n",
  "open tags": "<div>",
  "open tables": "<table><tr><td>",
  "open comments": "<!--",
  entities: "&amp;",
  escapes: "\u001b[31m",
  base64: "QUJDREVGR0hJSktM0",
  accents: "\u0301",
  "marks of direction": "\u200f",
  emoji: "😀",
  ideographs: "字",
  "halves of characters": "\ud800",
  "zero-width blanks": "\u200b",
};

export interface HostileInput {
  readonly name: string;
  readonly text: string;
}

/** @param length of each, in UTF-16 units, or a little more. */
export const hostileInputs = (length: number = hostileLength): readonly HostileInput[] =>
  Object.entries(pieces).map(([name, piece]) => ({ name, text: piece.repeat(Math.ceil(length / piece.length)) }));
