import { expect, test } from "vitest";
import { beginningsOf, isBegunBy, keyedOf, marksOf, numbersAlike, shapeOf } from "./record-keys.ts";

/** The same rules as expressions. */
const expected = {
  numbersAlike: (text: string) => text.replace(/\p{N}+/gu, "0"),
  marksOf: (head: string) =>
    head
      .replace(/[\p{L}_]+/gu, "w")
      .replace(/(?<=\S)\s+/g, " ")
      .replace(/\p{N}+/gu, "0")
      .slice(0, 60),
  shapeOf: (head: string) => (/^[^\p{L}_]{0,12}[\p{L}_]{0,24}[^\s\p{L}\p{N}_]?/u.exec(head)?.[0] ?? "").replace(/\p{N}+/gu, "0"),
  beginningsOf(text: string, most: number) {
    let beginning = "";
    return [...text.matchAll(/\s{0,80}(?:[\p{L}_]+|\p{N}+|[^\s\p{L}\p{N}_])/gu)].slice(0, most).map(([part]) => {
      beginning += part;
      return beginning;
    });
  },
};

const pieces = [
  "a",
  "Error",
  "_",
  "7",
  "2026",
  " ",
  "  ",
  "\t",
  "\u00a0",
  "-",
  "#",
  ":",
  "ü",
  "文",
  "e\u0301",
  "٣",
  "½",
  "✓",
  "🚀",
  "𝐀",
  "𝟗",
];

/** Lines of pieces in every order that a small generator comes to. */
function linesOfPieces(count: number): string[] {
  let state = 12345;
  const next = (below: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  // Most lines have nothing of the last three, which take another way.
  const piece = (most: number) => pieces[next(most)] as string;
  return Array.from({ length: count }, (_, line) =>
    Array.from({ length: 1 + next(60) }, () => piece(line % 4 === 0 ? pieces.length : pieces.length - 3)).join(""),
  );
}

test("lines have the marks, shape and beginnings that expressions find, whatever the script", () => {
  const lines = ["", " ", `a${" ".repeat(81)}b 7`, `${" ".repeat(100)}x`, "\ud83d", "a\ud83d", ...linesOfPieces(2000)];
  const foundBy = ({ numbersAlike, marksOf, shapeOf, beginningsOf }: typeof expected) =>
    lines.map((line) => [numbersAlike(line), marksOf(line), shapeOf(line), beginningsOf(line, 1), beginningsOf(line, 8)]);
  expect(foundBy({ numbersAlike, marksOf, shapeOf, beginningsOf })).toEqual(foundBy(expected));
});

test("a line is begun by its own first words and by no part of a word", () => {
  expect(isBegunBy("run all", "run", 1)).toBe(true);
  expect(isBegunBy("runs all", "run", 1)).toBe(false);
  expect(isBegunBy("## a", "#", 1)).toBe(true);
  const lines = linesOfPieces(200).map(keyedOf);
  const wrong = lines.flatMap((line) =>
    beginningsOf(line, 8).flatMap((beginning, at) =>
      lines.filter((other) => isBegunBy(other, beginning, at + 1) !== (beginningsOf(other, at + 1)[at] === beginning)),
    ),
  );
  expect(wrong).toEqual([]);
});
