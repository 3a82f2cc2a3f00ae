// How well each tool fits what is asked, by its words: its name first, then its description and its arguments.
import { buildRankingIndex } from "@nocp/text/ranking/ranking-index.ts";
import { stemsOf } from "@nocp/text/words/word-terms.ts";
import { relatedStems } from "./related-words.ts";
import { isSchema } from "./schema-positions.ts";
import type { Definition } from "./tool-definitions.ts";

/** How often a word of the name counts as one of the description. */
const nameWeight = 3;
/** What a word counts that only stands in a group with one of the question. */
const relatedWeight = 0.4;

export interface ToolRanking {
  /** By position of the tool; 0 for one that shares no word with the question. */
  readonly scores: Float64Array;
  /** Words of the question that some tool has, or a related one, over all of them, 0 to 1. */
  readonly known: number;
  /** How many words the question has. */
  readonly words: number;
}

export interface RankedTools {
  rank(question: string): ToolRanking;
}

/** @param tools their words are read once. */
export function indexTools(tools: readonly Definition[]): RankedTools {
  const idOf = new Map<string, number>();
  const termIds: number[] = [];
  const ends = tools.map((tool) => {
    for (const stem of stemsOfTool(tool)) {
      const id = idOf.get(stem) ?? idOf.size;
      idOf.set(stem, id);
      termIds.push(id);
    }
    return termIds.length;
  });
  const index = buildRankingIndex(termIds, ends, idOf.size);
  const scoresOf = (stem: string, weight: number): Float64Array | undefined => {
    const id = idOf.get(stem);
    if (id === undefined) return undefined;
    const scores = new Float64Array(tools.length);
    index.addScores(new Map([[id, weight]]), scores);
    return scores;
  };
  const known = new Map<string, Float64Array | undefined>();
  /** What a word of a question says for each tool: by itself, or by the best of its related words. Undefined: nothing. */
  const votesOf = (stem: string): Float64Array | undefined => {
    if (known.has(stem)) return known.get(stem);
    const ways = [scoresOf(stem, 1), ...[...relatedStems(stem)].map((related) => scoresOf(related, relatedWeight))];
    const votes = ways.filter((way) => way !== undefined).reduce(higherOf, undefined as Float64Array | undefined);
    if (known.size >= mostKnown) known.clear();
    known.set(stem, votes);
    return votes;
  };
  return {
    rank(question) {
      const stems = wordsOfQuestion(question);
      const votes = [...stems].flatMap((stem) => votesOf(stem) ?? []);
      const scores = votes.reduce(
        (sum, vote) => sum.map((score, at) => score + (vote[at] as number)),
        new Float64Array(tools.length),
      );
      return { scores, known: stems.size === 0 ? 0 : votes.length / stems.size, words: stems.size };
    },
  };
}

/** Words whose votes are remembered for the next question. */
const mostKnown = 2_000;

const higherOf = (one: Float64Array | undefined, other: Float64Array): Float64Array =>
  one === undefined ? other : one.map((score, at) => Math.max(score, other[at] as number));

/** Values of a question that have a form of their own, and the words of tools that take such values. */
const forms: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/(?<![\w/.-])[\w.-]+\/[\w.-]+(?![\w/])/u, "repository owner repo"],
  [/(?<!\w)#\d+/u, "issue number"],
  [/(?<![\w#])#\p{L}/u, "channel message"],
  [/\b[A-Z][A-Z0-9]+-\d+\b/u, "issue key"],
  [/(?<!\w)(\/|~\/|[A-Z]:\\)\w/u, "path file directory"],
  [/\w@\w/u, "email address"],
  [/\bhttps?:\/\//u, "url"],
  [/\b(select \*|group by|order by)/iu, "sql query"],
];

/** Of a long question, the beginning and the end: what is between is what it is about. */
const readOfQuestion = 2_000;

function wordsOfQuestion(asked: string): ReadonlySet<string> {
  const isLong = asked.length > 2 * readOfQuestion;
  const question = isLong ? `${asked.slice(0, readOfQuestion)}\n${asked.slice(-readOfQuestion)}` : asked;
  const formed = forms.flatMap(([pattern, words]) => (pattern.test(question) ? [words] : []));
  return new Set(stemsOf([spaced(question.replace(functionWord, " ")), ...formed].join(" ")));
}

function stemsOfTool({ name, description, parameters }: Definition): string[] {
  const nameStems = stemsOf(spaced(name));
  return [
    ...Array<string[]>(nameWeight).fill(nameStems).flat(),
    ...stemsOf(spaced(description)),
    ...stemsOfArguments(parameters),
  ];
}

/** Names and descriptions of the arguments, not of what stands inside them. */
const stemsOfArguments = ({ properties }: Definition["parameters"]): string[] =>
  Object.entries(isSchema(properties) ? properties : {}).flatMap(([name, property]) => [
    ...stemsOf(spaced(name)),
    ...(isSchema(property) && typeof property.description === "string" ? stemsOf(property.description) : []),
  ]);

/** The words of names: `createPullRequest`, `create_pull_request`. */
const spaced = (text: string): string => text.replace(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, " ").replaceAll("_", " ");

/** Words without a topic; those that say what to do, such as `tell` and `find`, stay. */
const functionWord =
  /\b(a|an|the|of|in|on|at|to|for|and|or|but|is|are|was|were|be|been|it|its|this|that|these|those|there|here|by|with|from|i|you|he|she|we|they|me|my|our|your|his|her|their|do|does|did|has|have|had|can|could|will|would|should|may|might|must|not|no|please|than|then|if|so|as|us|him|them|into|about|up|out|any|some)\b/giu;
