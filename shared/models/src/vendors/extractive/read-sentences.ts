// A text as sentences that may answer, each under the titles that say what it is about.
import { parseStructure } from "@nocp/text/structure/parse-structure.ts";
import { splitSentences } from "@nocp/text/structure/split-sentences.ts";
import { labelOf, type Unit } from "@nocp/text/structure/unit.ts";

export interface Sentence {
  readonly text: string;
  readonly section: number;
}

/** What stands below a heading, a line that introduces a list, a list entry with parts, or a question. */
export interface Section {
  /** Position of the section around it; -1 for none. */
  readonly parent: number;
  readonly title: string;
  /** A title that is the beginning of a sentence: `Pass the ending with -e:`. It is quoted with what follows. */
  readonly lead: string;
}

export interface SentenceText {
  readonly sentences: readonly Sentence[];
  /** The first is the text as a whole, without a title. */
  readonly sections: readonly Section[];
}

const question = /[?？؟]["'”’)\]*_]*\s*$/u;
/** A heading is short, or has a mark of its own. */
const leadSentence = /^\s*(?![#=|])(?=(?:\S+\s+){3})[\s\S]*[:：]\s*$/u;
const terminated = /[.!?。！？…;,:]["'”’)\]*_]*\s*$/u;
const oneLine = /^[^\n]+\n/;
/** Longer code is quoted line by line. */
const longestFence = 600;
const longestTitle = 120;

/** Titles answer nothing by themselves, and are no sentences. */
export function readSentences(text: string): SentenceText {
  const { units, ...structure } = parseStructure(text);
  const sections: Section[] = [{ parent: -1, title: "", lead: "" }];
  const sentences: Sentence[] = [];
  const sectionOf: number[] = [];
  /** By section, the question that was asked last in it, as a section of its own. */
  const asked = new Map<number, number>();
  const open = (parent: number, title: string, lead = ""): number => sections.push({ parent, title, lead }) - 1;
  for (const [at, unit] of units.entries()) {
    const outer = unit.parent < 0 ? 0 : sectionOf[unit.parent]!;
    const content = structure.text.slice(unit.start, unit.end);
    const isFirst = sentences.length === 0 && sections.length === 1;
    if (isTitle(unit, content) || (isFirst && isPlainTitle(content, units[at + 1]))) {
      sectionOf[at] = open(asked.get(outer) ?? outer, content, leadSentence.test(content) ? content.trim() : "");
      // A title without a level of its own holds for all that follows.
      if (unit.role === "prose") asked.set(outer, sectionOf[at]);
      continue;
    }
    const hasParts = units[at + 1]?.parent === at;
    sectionOf[at] = hasParts ? open(asked.get(outer) ?? outer, labelOf({ ...structure, units }, at)) : outer;
    const isWhole = unit.role === "fence" && content.length <= longestFence;
    for (const { start, end } of isWhole ? [{ start: 0, end: content.length }] : splitSentences(content)) {
      const sentence = content.slice(start, end).trim();
      if (sentence === "") continue;
      if (question.test(sentence)) asked.set(outer, open(outer, sentence));
      else sentences.push({ text: sentence, section: asked.get(outer) ?? outer });
    }
  }
  return { sentences, sections };
}

const isTitle = ({ role }: Unit, content: string): boolean =>
  role === "heading" || role === "page" || role === "table" || (role === "prose" && /^\s*#{1,6}\s/.test(content));

/** A short line of its own above a paragraph, as a document's title is. */
const isPlainTitle = (content: string, next: Unit | undefined): boolean =>
  next?.role === "prose" && content.trim().length <= longestTitle && oneLine.test(content) && !terminated.test(content);
