// What is for terminals goes; what a reader saw stays.
import { describe, expect, test } from "vitest";
import { expectLinearWork } from "../../../../test/linear-work.ts";
import { plainTerminalText } from "./terminal-text.ts";

const esc = "\u001b";

describe("a text for terminals", () => {
  test.each([
    ["colours", `${esc}[1m${esc}[31mFAIL${esc}[39m${esc}[22m src/a.ts`, "FAIL src/a.ts"],
    [
      "256 colours and links",
      `${esc}[38;5;12mblue${esc}[0m ${esc}]8;;https://a.example${esc}\\here${esc}]8;;${esc}\\`,
      "blue here",
    ],
    ["a progress bar", "Downloading  10%\rDownloading  55%\rDownloading 100%\nDone\n", "Downloading 100%\nDone\n"],
    ["a bar that wipes its line", `10%${esc}[2K\r20%${esc}[2K\r${esc}[2Kall done\n`, "all done\n"],
    ["lines that are written again", `a\nrunning b\n${esc}[1A${esc}[2Kfinished b\n`, "a\nfinished b\n"],
    ["letters taken back", "helo\blo\n", "hello\n"],
    ["a character of two units is taken back whole", "a🙂\bb\n", "ab\n"],
    ["line breaks of two characters stay", "a\r\nb\r\n", "a\r\nb\r\n"],
    ["line breaks of one return do not lose lines", "first line\rsecond thing\rthird\n", "first line\nsecond thing\nthird\n"],
    ["nothing for terminals", "plain [31m text", "plain [31m text"],
  ])("%s", (_, text, expected) => {
    expect(plainTerminalText(text)).toBe(expected);
  });

  test.each(["\r", "a\r", "\b", "a\b", esc, `${esc}[`, `${esc}[1A`, `${esc}]`, `${esc}[2K\r`, `${esc}[9;`])(
    "long runs take linear work: %j",
    (piece) => expectLinearWork((length) => plainTerminalText(piece.repeat(length / piece.length)), 50_000),
  );
});
