// Word forms: what is left of a word without its inflection, by the word's script.
//
// Where Snowball knows the only common language of a script, its stemmer is used. English has a light stemmer instead: the
// Snowball one also takes off derivation (`organization` and `organ` become one), which costs recall (MuSiQue at 30 % of
// the tokens: .81 instead of .83), and takes ten times as long for each new word. Other Latin languages are stemmed where the
// language is known, as that of a question is; an index of texts takes the beginnings of their words.
import { stemmer as stemArabic } from "@orama/stemmers/arabic";
import { stemmer as stemDutch } from "@orama/stemmers/dutch";
import { stemmer as stemFrench } from "@orama/stemmers/french";
import { stemmer as stemGerman } from "@orama/stemmers/german";
import { stemmer as stemGreek } from "@orama/stemmers/greek";
import { stemmer as stemHindi } from "@orama/stemmers/indian";
import { stemmer as stemIndonesian } from "@orama/stemmers/indonesian";
import { stemmer as stemItalian } from "@orama/stemmers/italian";
import { stemmer as stemPortuguese } from "@orama/stemmers/portuguese";
import { stemmer as stemRussian } from "@orama/stemmers/russian";
import { stemmer as stemSpanish } from "@orama/stemmers/spanish";
import { stemmer as stemTurkish } from "@orama/stemmers/turkish";

const vowel = /[aeiouy]/;
const asciiEnd = 128;

/** By the first letter's code unit. Languages that share a script share endings as well: Ukrainian with Russian, Marathi with Hindi. */
const stemmers: readonly (readonly [from: number, to: number, stem: (word: string) => string])[] = [
  [0x0370, 0x03ff, stemGreek],
  [0x0400, 0x052f, stemRussian],
  [0x0590, 0x05ff, stemHebrew],
  [0x0600, 0x06ff, stemArabic],
  [0x0900, 0x097f, stemHindi],
  [0xac00, 0xd7a3, stemKorean],
];

/** The stem of one word of one script, lower case and composed (NFC); of a script without a stemmer, the word itself. */
export function stemOf(word: string): string {
  const first = word.charCodeAt(0);
  if (first < asciiEnd) return isAsciiWord(word) ? stemEnglish(word) : word;
  for (const [from, to, stem] of stemmers) if (first >= from && first <= to) return stem(word) || word;
  return word;
}

/** By the names that question-languages.ts gives them. */
const latinStemmers: Readonly<Record<string, (word: string) => string>> = {
  Dutch: stemDutch,
  French: stemFrench,
  German: stemGerman,
  Indonesian: stemIndonesian,
  Italian: stemItalian,
  Portuguese: stemPortuguese,
  Spanish: stemSpanish,
  Turkish: stemTurkish,
};
const latinEnd = 0x0250;

/** `stemOf` for texts whose Latin words are of one language; English where there is no stemmer for it. */
export function stemmerOf(language: string): (word: string) => string {
  const stemLatin = latinStemmers[language];
  if (stemLatin === undefined) return stemOf;
  return (word) => (word.charCodeAt(0) < latinEnd && !/\p{N}/u.test(word) ? stemLatin(word) || word : stemOf(word));
}

function isAsciiWord(word: string): boolean {
  for (let at = 0; at < word.length; at++) {
    const code = word.charCodeAt(at);
    if (code < 97 || code > 122) return false;
  }
  return true;
}

/**
 * Takes off plural, past and progressive endings and a few agent and adverb ones, for lower-case ASCII words of four
 * letters and more. A reduced form of M. F. Porter, "An algorithm for suffix stripping", 1980, steps 1a to 1c.
 */
export function stemEnglish(word: string): string {
  if (word.length < 4) return word;
  let stem = word.endsWith("s") ? withoutPlural(word) : word;
  if (stem.length > 5 && stem.endsWith("ly")) stem = stem.slice(0, -2);
  if (stem.endsWith("ing")) stem = withoutEnding(stem, 3);
  else if (stem.endsWith("ed")) stem = withoutEnding(stem, 2);
  if (stem.length > 4 && stem.endsWith("e")) return stem.slice(0, -1);
  return stem.length > 3 && stem.endsWith("y") ? `${stem.slice(0, -1)}i` : stem;
}

/** The ending stays on what would be too short or have no vowel: `sing`, `shed`. */
function withoutEnding(word: string, length: number): string {
  const base = word.slice(0, -length);
  return base.length < 3 || !vowel.test(base) ? word : undoubled(base);
}

function withoutPlural(word: string): string {
  if (word.endsWith("ss") || word.endsWith("us") || word.endsWith("is")) return word;
  if (word.endsWith("ies") && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:sh|ch|x|ss|z)es$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

function undoubled(base: string): string {
  const last = base.at(-1);
  return base.length > 3 && last === base.at(-2) && !/[lsz]/.test(last ?? "") ? base.slice(0, -1) : base;
}

/** Article, conjunction and prepositions are written on to a word, up to two of them; no Snowball stemmer knows Hebrew. */
const hebrewPrefixes = /^(?:ו?(?:כש|[הבלמשכ])ה?|ו)(?=\p{L}{3})/u;
const hebrewPlural = /(?<=\p{L}{3})(?:ים|ות)$/u;

function stemHebrew(word: string): string {
  return word.replace(hebrewPrefixes, "").replace(hebrewPlural, "");
}

/** Case particles and the copula; no Snowball stemmer knows Korean. */
const koreanParticles =
  /(?<=\p{sc=Hangul}{2})(?:에서는|에게서|으로는|이라는|입니다|까지|부터|에서|에게|으로|이나|이며|에는|과의|와의|보다|처럼|마다|조차|밖에|을|를|은|는|이|가|의|에|로|와|과|도|만)$/u;

function stemKorean(word: string): string {
  return word.replace(koreanParticles, "");
}
