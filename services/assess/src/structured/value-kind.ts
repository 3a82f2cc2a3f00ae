// What a scalar is, by its looks alone: an address of the web, an opaque identifier, a time, a word, prose.

export type ValueKind = "empty" | "boolean" | "number" | "timestamp" | "url" | "opaque" | "word" | "prose";

const urlPattern = /^(?:[a-z][a-z0-9+.-]{1,14}:\/\/|www\.|data:[a-z]+\/|[a-z0-9._-]{1,32}@[a-z0-9.-]+:)\S*$/i;
const timestampPattern = /^\d{4}[-/]\d\d?[-/]\d\d?(?:[T ]\d\d?:\d\d\S*(?: ?[+-]\d\d:?\d\d| ?Z| UTC)?)?$/;
const hexPattern = /^(?:[a-z0-9]{1,8}[:_-])?(?:[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const base64Pattern = /^(?:[a-z0-9]{1,8}[:_-])?[A-Za-z0-9+/_=-]{16,}$/;
/** Longer strings are prose even without blanks: they cost too much to be kept whole. */
const proseCharacters = 120;

/** The kind of a string. */
export function kindOfText(text: string): ValueKind {
  const length = text.length;
  if (length === 0) return "empty";
  const first = text.charCodeAt(0);
  if (length >= 8 && length <= 40 && first >= 48 && first <= 57 && timestampPattern.test(text)) return "timestamp";
  if (length >= 8 && length < 4096 && urlPattern.test(text)) return "url";
  if (length >= 16 && length < 8192 && looksOpaque(text)) return "opaque";
  return length > proseCharacters ? "prose" : "word";
}

/** Hashes, UUIDs and base64: long, without blanks, and with digits, capitals and small letters mixed up. */
function looksOpaque(text: string): boolean {
  if (hexPattern.test(text)) return true;
  if (!base64Pattern.test(text)) return false;
  if (/={1,2}$/.test(text)) return true;
  if (/[_/-]/.test(text) && !/[A-Za-z0-9]{20}/.test(text)) return false;
  let changes = 0;
  let previous = 0;
  for (let index = 0; index < text.length && index < 128; index++) {
    const code = text.charCodeAt(index);
    const group = code >= 97 ? 1 : code >= 65 ? 2 : 3;
    if (group !== previous) changes++;
    previous = group;
  }
  return changes / Math.min(text.length, 128) > 0.3;
}
