// Descriptions cut down to what a call needs: what it is, and the sentences that say what a caller must or must not do.
import { splitSentences } from "@nocp/text/structure/split-sentences.ts";
import { tidyDescription } from "./tidy-description.ts";

/** Sections of a docstring that say nothing of the arguments. */
const sectionOfResults = /^(returns?|raises|yields|examples?|notes?|see also|usage|references):?$/i;
const sectionOfArguments = /^(args|arguments|parameters|params|inputs?):?$/i;
/** Sentences that say how to call, in whatever place they stand. */
const rule =
  /\b(must|never|only|required|do not|don't|cannot|always|instead|format|iso|rfc|yyyy|utc|regex|glob|default|maximum|at most|at least|comma.separated|base64|absolute|relative)\b/i;

/** The first sentence, and those after it that are rules; of a docstring also the section of its arguments. */
export function shortDescription(text: string): string {
  const tidy = tidyDescription(text);
  const kept: string[] = [];
  let section: "prose" | "arguments" | "results" = "prose";
  let prose: string[] = [];
  const close = () => {
    kept.push(...shortProse(prose.join("\n")));
    prose = [];
  };
  for (const line of tidy.split("\n")) {
    const title = line.trim();
    if (sectionOfArguments.test(title) || sectionOfResults.test(title)) {
      close();
      section = sectionOfArguments.test(title) ? "arguments" : "results";
      if (section === "arguments") kept.push(line);
    } else if (section === "arguments" && title !== "") kept.push(line.trimEnd());
    else if (section === "prose") prose.push(line);
  }
  close();
  return kept.join("\n");
}

function shortProse(text: string): string[] {
  const sentences = splitSentences(text).map(({ start, end }) => text.slice(start, end));
  const first = sentences.findIndex((sentence) => sentence.trim() !== "");
  if (first < 0) return [];
  const kept = sentences.filter((sentence, at) => at === first || rule.test(sentence));
  return [kept.map((sentence) => sentence.trim()).join(" ")];
}
