// Lines that a template could write: those of one shape, in which most words are the same.
import { piecesOf, shapeOf } from "./infer-template.ts";

/** Longer lines are left alone. */
const mostPieces = 300;
/** Lines of one shape with other words than this many kinds before are left alone. */
const clustersOfShape = 16;
/** Of the words of a line, the share that its cluster has in the same places. */
const sameShare = 0.5;

interface Cluster {
  readonly words: readonly string[];
  readonly lines: number[];
}

/** @returns for each cluster the numbers of its lines, in order; a line is in one at most. */
export function clustersOf(lines: readonly string[]): number[][] {
  const shapes = new Map<string, Cluster[]>();
  for (const [number, line] of lines.entries()) {
    if (line === "" || line.length > mostPieces * 8) continue;
    const pieces = piecesOf(line);
    if (pieces.length > mostPieces) continue;
    const shape = pieces.map(shapeOf).join("");
    const clusters = shapes.get(shape) ?? [];
    if (clusters.length === 0) shapes.set(shape, clusters);
    const words = pieces.filter((piece) => shapeOf(piece) === "a");
    const found = clusters.find((cluster) => isAlike(cluster.words, words));
    if (found) found.lines.push(number);
    else if (clusters.length < clustersOfShape) clusters.push({ words, lines: [number] });
  }
  return [...shapes.values()].flat().map((cluster) => cluster.lines);
}

function isAlike(left: readonly string[], right: readonly string[]): boolean {
  let same = 0;
  for (const [at, word] of left.entries()) if (word === right[at]) same++;
  return same >= left.length * sameShare;
}

/** The pieces at the start that the lines of a group may share the shape of, longest first. */
const headLengths = [32, 24, 20, 16, 13, 10, 8, 6];

/** Lines that begin alike and go on differently: shape of the first pieces. @returns numbers of lines, and the length of the head. */
export function headsOf(
  lines: readonly string[],
  numbers: readonly number[],
): { readonly lines: number[]; readonly pieces: number }[] {
  const found: { lines: number[]; pieces: number }[] = [];
  let left = numbers.map((number) => ({
    number,
    pieces: piecesOf((lines[number] as string).slice(0, 400)).slice(0, headLengths[0]),
  }));
  for (const length of headLengths) {
    const groups = new Map<string, number[]>();
    for (const { number, pieces } of left) {
      if (pieces.length <= length) continue;
      const shape = pieces.slice(0, length).map(shapeOf).join("");
      const group = groups.get(shape);
      if (group) group.push(number);
      else groups.set(shape, [number]);
    }
    const large = [...groups.values()].filter((group) => group.length >= 3 && group.length * 4 >= left.length);
    found.push(...large.map((group) => ({ lines: group, pieces: length })));
    const taken = new Set(large.flat());
    left = left.filter(({ number }) => !taken.has(number));
  }
  return found;
}
