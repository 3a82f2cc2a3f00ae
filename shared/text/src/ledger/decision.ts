// Whether a sentence settles something: marks of the languages that are common in requests, by their forms.

const marks = [
  // English
  "\\b(?:we|i|you|they|team|board)(?: have|'ve| all)? (?:decided|agreed|settled|chose|opted|committed)\\b",
  "\\b(?:decision|agreement|conclusion|verdict) (?:is|was|:)",
  "\\bdecision:",
  "\\b(?:decided|agreed|settled) (?:to|on|that|against|for)\\b",
  "\\b(?:let's|let us|we will|we'll|we shall|i will|i'll) (?:go with|use|choose|pick|take|keep|drop|stick|ship|switch|move)\\b",
  "\\b(?:go|going|went) with\\b",
  "\\b(?:is|was|are|were|been) (?:approved|rejected|chosen|selected|cancelled|postponed|final)\\b",
  "\\bfrom now on\\b",
  // German
  "\\b(?:entschieden|beschlossen|vereinbart|festgelegt|geeinigt|beschluss|entscheidung)\\b",
  "\\bwir (?:nehmen|verwenden|bleiben bei)\\b",
  // French, Spanish, Portuguese, Italian
  "\\b(?:nous avons|on a|j'ai) (?:décidé|choisi|convenu)",
  "\\b(?:decidimos|hemos decidido|acordamos|acordado|quedamos en|decidiu|decidido|abbiamo deciso|deciso di)\\b",
  // Russian
  "решил[иа]?(?![а-я])|договорились|согласовано",
];
/** Chinese, Japanese and Korean are written without spaces. */
const unspacedMarks = /决定|決定|商定|选定|選定|敲定|定下|采用|採用|同意|就用|最终|决议|決めた|決まり|합의|결정|확정/u;
const spacedMarks = new RegExp(marks.join("|"), "iu");

/** By marks of wording; a decision that says nothing of the kind is missed, and a mere mention may be taken for one. */
export const isDecision = (sentence: string): boolean => spacedMarks.test(sentence) || unspacedMarks.test(sentence);

/** Whether somebody asks something here. */
export const isQuestion = (text: string): boolean => /[？؟]|\?(?=\s|["'”」)]|$)/u.test(text);
