import { expect, test } from "vitest";
import { showProgress } from "./show-progress.ts";

function progressOn(isTTY: boolean) {
  const written: string[] = [];
  let at = 1_000_000;
  const show = showProgress("warm-up", { isTTY, write: (text) => written.push(text) }, () => at);
  return {
    written,
    after: (ms: number, done: number) => {
      at += ms;
      show(done, 100);
    },
  };
}

test("a log gets a whole line every ten seconds", () => {
  const { written, after } = progressOn(false);
  after(5_000, 10);
  expect(written).toEqual([]);
  after(5_000, 20);
  after(100, 21);
  expect(written).toEqual(["warm-up: 20 of 100\n"]);
  after(10_000, 40);
  expect(written.at(-1)).toBe("warm-up: 40 of 100\n");
});

test("a terminal's line is redrawn, and gone at the end", () => {
  const { written, after } = progressOn(true);
  after(200, 10);
  after(100, 11);
  expect(written).toEqual(["\rwarm-up: 10 of 100"]);
  after(1, 100);
  expect(written.at(-1)).toBe("\r\u001b[K");
});
