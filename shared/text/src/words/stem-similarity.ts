// How alike two stems are: the endings that stemming leaves, and compounds.
import { isPaired } from "./scripts.ts";

const latin = /^[a-z]+$/;

/** Shortest stem that may be a part of another word, by script. */
function shortestPart(stem: string): number {
  if (latin.test(stem)) return 4;
  return isPaired(stem) ? 2 : 3;
}

/** How alike two words are by their stems, 0 to 1: the same 1, a long common beginning or one inside the other less. */
export function stemSimilarity(left: string, right: string): number {
  if (left === right) return 1;
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  const first = short.charCodeAt(0);
  if (short.length < 2 || (first >= 48 && first <= 57) || short.length < 0.35 * long.length) return 0;
  let common = 0;
  while (common < short.length && short.charCodeAt(common) === long.charCodeAt(common)) common++;
  if (common < 3 && !long.includes(short)) return 0;
  if (short.length < shortestPart(short)) return 0;
  if (common >= 5 && common / long.length >= 0.6) return 0.7;
  if (common === short.length && common / long.length >= 0.5) return 0.6;
  return long.includes(short) ? 0.5 : 0;
}
