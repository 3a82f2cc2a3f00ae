// Tokens of a text in one encoding: split into pieces, each looked up whole, merged where it is no token.
import { CharacterClasses } from "./character-classes.ts";
import { PairMerger } from "./merge-pairs.ts";
import { NOT_KNOWN, PieceCache } from "./piece-cache.ts";
import { type FindPieceEnd, findPieceEndCl100k, findPieceEndO200k } from "./split-pieces.ts";
import { type EncodingName, hashOf, loadVocabulary, NO_RANK } from "./vocabulary.ts";

const findPieceEnd: Readonly<Record<EncodingName, FindPieceEnd>> = {
  o200k_base: findPieceEndO200k,
  cl100k_base: findPieceEndCl100k,
};

/** A text of up to this many UTF-16 units is encoded into a buffer that stays. */
const SHORT_TEXT_UNITS = 16_384;
/** Most bytes of UTF-8 that one UTF-16 unit takes. */
const MAX_BYTES_PER_UNIT = 3;

/** @returns the count of a text's tokens; special tokens in it are counted as the plain text they are. */
export function createCountTokens(encoding: EncodingName): (text: string) => number {
  const vocabulary = loadVocabulary(encoding);
  const merger = new PairMerger(vocabulary);
  const merged = new PieceCache();
  const classes = new CharacterClasses();
  const findEnd = findPieceEnd[encoding];
  const encoder = new TextEncoder();
  const buffer = new Uint8Array(SHORT_TEXT_UNITS * MAX_BYTES_PER_UNIT);

  const countPiece = (bytes: Uint8Array, start: number, end: number): number => {
    if (end - start > vocabulary.maxTokenBytes) return merger.count(bytes, start, end);
    const hash = hashOf(bytes, start, end);
    if (vocabulary.rankOf(hash, bytes, start, end) !== NO_RANK) return 1;
    const known = merged.get(hash, bytes, start, end);
    if (known !== NOT_KNOWN) return known;
    const tokens = merger.count(bytes, start, end);
    merged.set(hash, bytes, start, end, tokens);
    return tokens;
  };

  return (text) => {
    const short = text.length <= SHORT_TEXT_UNITS;
    const bytes = short ? buffer : encoder.encode(text);
    const end = short ? encoder.encodeInto(text, buffer).written : bytes.length;
    let tokens = 0;
    let start = 0;
    while (start < end) {
      const pieceEnd = findEnd(classes, bytes, start, end);
      tokens += pieceEnd - start === 1 ? 1 : countPiece(bytes, start, pieceEnd);
      start = pieceEnd;
    }
    return tokens;
  };
}
