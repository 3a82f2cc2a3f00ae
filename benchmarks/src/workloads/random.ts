// Numbers that look random and are the same for the same seed, on every machine.

export interface Random {
  /** Both ends included. */
  integer(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
  /** `length` decimal digits, the first not 0. */
  digits(length: number): string;
  hex(length: number): string;
}

/** mulberry32 over the seed's FNV-1a hash. */
export function createRandom(seed: string): Random {
  let state = hashOf(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    integer,
    pick: (list) => list[integer(0, list.length - 1)]!,
    shuffled: (list) => {
      const all = [...list];
      for (let at = all.length - 1; at > 0; at--) {
        const other = integer(0, at);
        [all[at], all[other]] = [all[other]!, all[at]!];
      }
      return all;
    },
    digits: (length) => Array.from({ length }, (_, at) => integer(at === 0 ? 1 : 0, 9)).join(""),
    hex: (length) => Array.from({ length }, () => integer(0, 15).toString(16)).join(""),
  };
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}

/** Draws until a value comes that was not drawn before; the set remembers. */
export function unique<T>(drawn: Set<T>, draw: () => T): T {
  for (;;) {
    const value = draw();
    if (drawn.has(value)) continue;
    drawn.add(value);
    return value;
  }
}
