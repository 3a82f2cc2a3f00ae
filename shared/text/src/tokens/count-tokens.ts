// Tokens of a text in one encoding: split into pieces, each looked up whole, merged where it is no token.
import { CharacterClasses } from "./character-classes.ts";
import { PairMerger } from "./merge-pairs.ts";
import { maxCachedBytes, notKnown, PieceCache, paddingBytes } from "./piece-cache.ts";
import { notPlain, PlainPieces, textStop } from "./plain-pieces.ts";
import { type FindPieceEnd, findPieceEndCl100k, findPieceEndO200k } from "./split-pieces.ts";
import { type EncodingName, hashOf, loadVocabulary, noRank } from "./vocabulary.ts";

const findPieceEnd: Readonly<Record<EncodingName, FindPieceEnd>> = {
  o200k_base: findPieceEndO200k,
  cl100k_base: findPieceEndCl100k,
};

/** A text of up to this many UTF-16 units is encoded into a buffer that stays. */
const shortTextUnits = 16_384;
/** Most bytes of UTF-8 that one UTF-16 unit takes. */
const maxBytesPerUnit = 3;

/** @returns the count of a text's tokens; special tokens in it are counted as the plain text they are. */
export function createCountTokens(encoding: EncodingName): (text: string) => number {
  const vocabulary = loadVocabulary(encoding);
  const merger = new PairMerger(vocabulary);
  const cache = new PieceCache();
  const classes = new CharacterClasses();
  const plain = new PlainPieces(classes, encoding === "o200k_base");
  const findEnd = findPieceEnd[encoding];
  const encoder = new TextEncoder();
  const shortText = bufferOf(shortTextUnits * maxBytesPerUnit);

  const lookUp = (bytes: Uint8Array, start: number, end: number): number => {
    const isToken =
      end - start <= vocabulary.maxTokenBytes && vocabulary.rankOf(hashOf(bytes, start, end), bytes, start, end) !== noRank;
    return isToken ? 1 : merger.count(bytes, start, end);
  };
  const countPiece = ({ bytes, view }: TextBuffer, start: number, end: number): number => {
    const length = end - start;
    if (length > maxCachedBytes) return lookUp(bytes, start, end);
    const known = cache.get(view, start, length);
    if (known !== notKnown) return known;
    const tokens = lookUp(bytes, start, end);
    cache.set(view, start, length, tokens);
    return tokens;
  };

  return (text) => {
    const buffer = text.length <= shortTextUnits ? shortText : bufferOf(Buffer.byteLength(text));
    const { bytes } = buffer;
    const end = encoder.encodeInto(text, bytes).written;
    bytes[end] = textStop;
    let tokens = 0;
    let start = 0;
    while (start < end) {
      let pieceEnd = plain.endOfWord(bytes, start);
      if (pieceEnd === notPlain) pieceEnd = plain.endOfOther(bytes, start);
      if (pieceEnd === notPlain) pieceEnd = findEnd(classes, bytes, start, end);
      tokens += pieceEnd - start === 1 ? 1 : countPiece(buffer, start, pieceEnd);
      start = pieceEnd;
    }
    return tokens;
  };
}

interface TextBuffer {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

function bufferOf(length: number): TextBuffer {
  const bytes = new Uint8Array(length + paddingBytes);
  return { bytes, view: new DataView(bytes.buffer) };
}
