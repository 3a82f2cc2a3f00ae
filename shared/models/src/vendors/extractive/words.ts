// Words of questions and texts, as the extractive provider compares them: lower case, lightly stemmed, in any script.

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;
const wordPattern = /[\p{L}\p{M}\p{N}_]+/gu;

/** Question words and glue of the languages most texts are in; they say nothing about what is asked. */
const stopWords = new Set(
  (
    "a an and any are as at be been but by can could did do does for from had has have how i if in into is it its me my of on or our " +
    "please shall should tell that the their them there these they this those to was we were what when where which who whom whose why " +
    "will with would you your give show list find name according also too very happen happens mean means use uses used using " +
    "der die das den dem des ein eine einer und oder ist sind war wie was wer wo wann welche welcher welches von im in zu mit für " +
    "le la les un une des du de et ou est sont quel quelle quels quelles qui que quand comment dans pour par " +
    "el los las una unos unas y es son cual cuál que qué quien quién cuando cuándo como cómo en para por del"
  ).split(" "),
);

/** Plurals, -ing, -ed and a final e go, so that `resolves`, `resolved` and `resolve` are one. */
export function stemOf(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let stem = word;
  if (stem.endsWith("ies") && stem.length > 4) stem = `${stem.slice(0, -3)}y`;
  else if (/(?:ss|sh|ch|x|z)es$/.test(stem)) stem = stem.slice(0, -2);
  else if (stem.endsWith("s") && !/(?:ss|us|is)$/.test(stem)) stem = stem.slice(0, -1);
  if (stem.length > 5 && stem.endsWith("ing")) stem = stem.slice(0, -3);
  else if (stem.length > 4 && stem.endsWith("ed")) stem = stem.slice(0, -2);
  if (stem.length > 4 && stem.endsWith("e")) stem = stem.slice(0, -1);
  return stem;
}

/** Stems in the order of the text; a run without blanks (Chinese, Thai, …) gives each pair of neighbouring characters. */
export function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(wordPattern) ?? []).flatMap((word) => {
    if (!word.match(unspaced)) return word.split("_").filter(Boolean).map(stemOf);
    const characters = [...word];
    return characters.length === 1 ? characters : characters.slice(1).map((character, at) => `${characters[at]}${character}`);
  });
}

/** Words of a field's name: `createdAt` and `created_at` are both created, at. */
export const wordsOfKey = (key: string): string[] => wordsOf(key.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2"));

export interface Question {
  readonly text: string;
  /** What is asked for, without stop words and repetition. */
  readonly words: readonly string[];
  /** Names with punctuation or digits, lower case and whole: `@types/node`, `lodash.merge`, `ORD-117`. */
  readonly identifiers: readonly string[];
  /** Stems of field names that the question's form asks for: `how many` is answered by a count. */
  readonly wantedFields: readonly string[];
}

const cues: readonly (readonly [RegExp, string])[] = [
  [/\bhow many\b|\bnumber of\b|\bcount\b|\bwie viele\b|\bcombien\b|\bcuánt[oa]s\b/i, "count total number n quantity sum"],
  [/\bhow much\b|\bcosts?\b|\bprices?\b|\bwie teuer\b/i, "price cost amount total sum"],
  [/\baverage\b|\bmean\b/i, "average avg mean"],
  [/\bwho\b|\bwer\b|\bqui\b|\bquién\b/i, "name author owner user person"],
  [/\bwhen\b|\bwann\b|\bquand\b|\bcuándo\b/i, "date time at created updated year"],
  [/\bwhere\b|\bwo\b|\bdónde\b/i, "location address city country place path"],
];

/** `MIT` and `IT` are names, `mit` and `it` are glue. */
const isStopWord = (word: string): boolean => stopWords.has(word.toLowerCase()) && !/^\p{Lu}{2,}$/u.test(word);

/** Says where to look, not what for. */
const fileName = /\.(json|jsonl|md|txt|csv|tsv|ya?ml|toml|xml|html?|db|sqlite|log|[jt]sx?|py|pdf)$/;

export function parseQuestion(text: string): Question {
  const names = [...text.matchAll(/@?[\p{L}\p{N}_]+(?:[-./:@+][\p{L}\p{N}_]+)+/gu)].map(([match]) => match.toLowerCase());
  const identifiers = names.filter((name) => !fileName.test(name));
  const asked = text.split(/\s+/).filter((part) => !fileName.test(part.toLowerCase().replace(/[^\p{L}\p{N}]+$/u, "")));
  const plain = asked.join(" ").match(wordPattern) ?? [];
  const words = plain.filter((word) => !isStopWord(word)).flatMap(wordsOf);
  const wantedFields = cues.flatMap(([pattern, fields]) => (pattern.test(text) ? fields.split(" ").map(stemOf) : []));
  return { text, words: [...new Set(words.filter((word) => word !== "many" && word !== "much"))], identifiers, wantedFields };
}

/**
 * Beginnings of the question's words: a text without any of them need not be split into words at all. A stem lacks an
 * ending, which may replace its last letter (`company`, `companies`).
 */
export const probesOf = ({ words }: Question): string[] => words.map((word) => (word.length > 4 ? word.slice(0, -1) : word));
