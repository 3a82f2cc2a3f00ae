// The character classes that pre-tokenization distinguishes, looked up by code point.

/** Bits, so that a set of classes is one mask. Every code point has exactly one. */
export const upperClass = 1; // Lu, Lt
export const lowerClass = 2; // Ll
export const uncasedClass = 4; // Lm, Lo
export const markClass = 8; // M
export const numberClass = 16; // N
export const spaceClass = 32; // \s except the next
export const newlineClass = 64; // \r \n
export const otherClass = 128; // punctuation, symbols, unassigned

export const letterClass = upperClass | lowerClass | uncasedClass;
export const blankClass = spaceClass | newlineClass;

const patterns: readonly (readonly [number, string])[] = [
  [newlineClass, String.raw`\r\n`],
  [spaceClass, String.raw`\s`],
  [upperClass, String.raw`\p{Lu}\p{Lt}`],
  [lowerClass, String.raw`\p{Ll}`],
  [uncasedClass, String.raw`\p{Lm}\p{Lo}`],
  [markClass, String.raw`\p{M}`],
  [numberClass, String.raw`\p{N}`],
  [otherClass, String.raw`^\s\p{L}\p{M}\p{N}`],
];

const pageSize = 256;

/**
 * Classes by page of 256 code points, `pages[codePoint >> 8]`. A page is made when it is first needed: all of Unicode
 * at once would cost a third of a second. Most pages (ideographs, syllables, unassigned) are of one class and share it.
 */
export class CharacterClasses {
  readonly #pages: (Uint8Array | undefined)[] = [];
  readonly #uniform = new Map<number, Uint8Array>();
  readonly #tests = patterns.map(([mask, set]) => ({
    mask,
    one: new RegExp(`^[${set}]`, "u"),
    all: new RegExp(`^[${set}]+$`, "u"),
  }));
  /** The classes of asciiTable and Latin-1, by code point. */
  readonly ascii = this.page(0);

  /** @param number code point >> 8; never a page of surrogates, which UTF-8 cannot hold. */
  page(number: number): Uint8Array {
    const known = this.#pages[number];
    if (known) return known;
    const page = this.#createPage(number * pageSize);
    this.#pages[number] = page;
    return page;
  }

  #createPage(first: number): Uint8Array {
    const characters = Array.from({ length: pageSize }, (_, offset) => String.fromCodePoint(first + offset));
    const text = characters.join("");
    const same = this.#tests.find(({ all }) => all.test(text));
    if (!same)
      return Uint8Array.from(characters, (character) => this.#tests.find(({ one }) => one.test(character))?.mask ?? otherClass);
    const shared = this.#uniform.get(same.mask) ?? new Uint8Array(pageSize).fill(same.mask);
    this.#uniform.set(same.mask, shared);
    return shared;
  }
}

/** Bytes of the UTF-8 sequence that starts with this byte. */
export const sequenceLength = (lead: number): number => (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);

/** The class of the code point that starts at `at` in well-formed UTF-8. */
export function classAt(classes: CharacterClasses, bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return classes.ascii[lead]!;
  const codePoint = decodeAt(bytes, at, lead);
  return classes.page(codePoint >> 8)[codePoint & 0xff]!;
}

function decodeAt(bytes: Uint8Array, at: number, lead: number): number {
  const second = bytes[at + 1]! & 0x3f;
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | second;
  const third = bytes[at + 2]! & 0x3f;
  if (lead < 0xf0) return ((lead & 0x0f) << 12) | (second << 6) | third;
  return ((lead & 0x07) << 18) | (second << 12) | (third << 6) | (bytes[at + 3]! & 0x3f);
}
