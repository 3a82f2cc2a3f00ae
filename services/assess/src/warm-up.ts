// Runs the compressor on made-up contexts until its code is compiled, so that the first requests are not the slow ones.
import type { ContextItem } from "@nocp/contracts/context-item.ts";
import type { Compressor } from "./compress.ts";

/** Compiling takes the engine about a second of such work; half of the gain comes in the first quarter. */
export const warmUpMs = 250;
const targetRatio = 0.3;

const subjects = "harbour bridge archive garden railway museum theatre library".split(" ");
const verbs = "opened closed moved burned grew changed returned failed".split(" ");
const places = "Lisbon Oslo Riga Turin Graz Ghent Cork Split".split(" ");

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
const sentence = (n: number): string =>
  `The ${at(subjects, n)} of ${at(places, n * 3)} ${at(verbs, n * 5)} in ${1800 + ((n * 37) % 220)}, after ${at(places, n + 1)}'s council had paid ${n * 113} for it.`;
const paragraph = (n: number): string => Array.from({ length: 7 }, (_, k) => sentence(n * 7 + k)).join(" ");

function contextOf(round: number): { readonly query: string; readonly items: ContextItem[] } {
  const query = `When was the ${at(subjects, round)} of ${at(places, round + 2)} opened?`;
  switch (round % 4) {
    case 1:
      return { query, items: Array.from({ length: 40 }, (_, n) => messageOf(round * 40 + n)) };
    case 3: {
      const rows = Array.from({ length: 60 }, (_, n) => rowOf(round * 60 + n));
      return { query, items: [{ kind: "tool", id: "rows", name: "warm.up", data: rows }] };
    }
    default:
      return { query, items: Array.from({ length: 16 }, (_, n) => documentOf(round * 16 + n)) };
  }
}

const documentOf = (n: number): ContextItem => ({
  kind: "document",
  id: `d${n}`,
  title: `${at(subjects, n)} ${at(places, n)}`,
  text: paragraph(n),
});
const messageOf = (n: number): ContextItem => ({
  kind: "message",
  id: `m${n}`,
  role: n % 2 ? "user" : "assistant",
  text: sentence(n),
});
const rowOf = (n: number) => ({
  id: `r-${n}`,
  place: at(places, n),
  status: at(verbs, n),
  cost: n * 1.5,
  note: sentence(n),
  url: `https://example.com/${n}`,
});

/**
 * Gives the event loop a turn after each context. Failures are left to the requests that would meet them.
 * @param forMs for how long at most.
 * @param now milliseconds; only differences count.
 */
export async function warmUp(compressor: Compressor, forMs: number, now: () => number): Promise<void> {
  const endAt = now() + forMs;
  for (let round = 0; now() < endAt; round++) {
    const archiveScope = { tenant: "default", kind: "request", id: "warm-up" } as const;
    await compressor.compress({ ...contextOf(round), mode: "auto", targetRatio, archiveScope }).catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
