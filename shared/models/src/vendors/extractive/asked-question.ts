// A question as the extractive provider looks for its answer.
import { askedFor } from "@nocp/text/questions/asked-kinds.ts";
import { parseQuestion, type Question } from "@nocp/text/questions/question.ts";
import { readQuestion } from "@nocp/text/questions/question-content.ts";
import { englishWeakWords } from "@nocp/text/words/function-words.ts";
import { isPaired, isSpaceless } from "@nocp/text/words/scripts.ts";
import { pairsOf, stemsOf, wordPattern } from "@nocp/text/words/word-terms.ts";

export interface AskedWord {
  readonly text: string;
  /** The stem; of a paired script, the pairs of characters. */
  readonly parts: readonly string[];
  /** 1 for a word of content, less for one of asking. */
  readonly weight: number;
  /** A name, a number, an identifier or an option of a command: nothing else can stand for it. */
  readonly isName: boolean;
}

export interface AskedQuestion {
  readonly words: readonly AskedWord[];
  /** Parts of all words. */
  readonly stems: readonly string[];
  /** Names with punctuation or digits, lower case and whole: `@types/node`, `lodash.merge`, `ORD-117`. */
  readonly identifiers: readonly string[];
  /** Stems of field names that the question's form asks for: `how many` is answered by a count. */
  readonly wantedFields: readonly string[];
  readonly extreme: Question["extreme"];
  /** Whether a text holds what the question's form asks for, such as a number. */
  readonly isAnsweredIn: (text: string) => boolean;
  readonly stemOf: (word: string) => string;
}

/** What words of asking count, and words that say how a thing is used, named or found rather than which. */
const weakWeight = 0.25;
const weakWords =
  /^(?:use[ds]?|using|mean|means|also|too|very|happens?|called|named?|work|works|possible|needs?|needed|many|much)$/;

/** Says where to look, not what for. */
const fileName = /\.(json|jsonl|md|txt|csv|tsv|ya?ml|toml|xml|html?|db|sqlite|log|[jt]sx?|py|pdf)$/;

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

export function readAskedQuestion(query: string): AskedQuestion {
  const parsed = parseQuestion(query);
  const isFile = (part: string) => fileName.test(part.toLowerCase().replace(/(?<![^\p{L}\p{N}])[^\p{L}\p{N}]+$/u, ""));
  const names = [...query.matchAll(/(?<![\p{L}\p{N}_])@?[\p{L}\p{N}_]+(?:[-./:@+][\p{L}\p{N}_]+)+/gu)].map(([match]) =>
    match.toLowerCase(),
  );
  const { fieldWords, isIn, rest } = askedFor(query);
  const withoutFiles = rest.split(/\s+/).filter((part) => !isFile(part));
  const words = wordsOf(withoutFiles.join(" "), query.match(wordPattern())?.[0], optionsIn(query), parsed);
  return {
    words,
    stems: [...new Set(words.flatMap(({ parts }) => parts))],
    identifiers: names.filter((name) => !fileName.test(name)),
    wantedFields: fieldWords.map(parsed.stemOf),
    extreme: parsed.extreme,
    isAnsweredIn: isIn,
    stemOf: parsed.stemOf,
  };
}

/** The words of `--dry-run`, lower case. */
const optionsIn = (query: string): ReadonlySet<string> =>
  new Set(
    [...query.matchAll(/(?<![^\s(`'"])--?([\p{L}\p{N}][\p{L}\p{N}-]*)/gu)].flatMap(([, name]) => name!.toLowerCase().split("-")),
  );

/** Distinct words of content, in the order of the question. */
function wordsOf(
  asked: string,
  first: string | undefined,
  options: ReadonlySet<string>,
  { stemOf, language }: Question,
): AskedWord[] {
  const { content, topic } = readQuestion(asked);
  const topicStems = new Set(stemsOf(topic, stemOf));
  const words = new Map<string, AskedWord>();
  for (const raw of content.match(wordPattern()) ?? []) {
    for (const word of isSpaceless(raw) ? segmentsOf(raw) : [raw]) {
      const text = word.normalize("NFKC").toLowerCase();
      const isAcronym = /^\p{Lu}{2,}$/u.test(word);
      const parts = isPaired(text) ? pairsOf(text) : [stemOf(text)];
      const isOfAsking = !parts.some((part) => topicStems.has(part));
      const isWeak =
        !isAcronym && (isOfAsking || (isPaired(text) && text.length === 1) || weakWords.test(text) || englishWeakWords.has(text));
      // In German every noun has a capital.
      const hasCapital = /^\p{Lu}/u.test(word) && word !== first && language !== "German";
      const isName = isAcronym || hasCapital || options.has(text) || /\p{N}/u.test(word);
      words.set(text, { text, parts, weight: isWeak && !options.has(text) ? weakWeight : 1, isName });
    }
  }
  return [...words.values()];
}

/** Words of a run without spaces; particles and endings written in a character or two of Hiragana are none. */
const segmentsOf = (run: string): string[] =>
  [...segmenter.segment(run)]
    .filter(({ isWordLike, segment }) => isWordLike && !/^\p{sc=Hiragana}{1,2}$/u.test(segment))
    .map(({ segment }) => segment);
