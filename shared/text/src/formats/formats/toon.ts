// TOON: indented fields, and uniform records as a table with its length and fields stated once.

import { isExactNumber } from "@nocp/contracts/json/exact-numbers.ts";
import { decode, encode } from "@toon-format/toon";
import type { Format } from "../format.ts";

const toon: Format = {
  name: "toon",
  mediaType: "text/toon",
  // An empty record is an empty document, which reads like no answer at all.
  render: (value) => (holdsWhatIsLost(value) ? undefined : encode(value) || undefined),
  parse: (rendered) => decode(rendered),
};

/** A field named `__proto__`, which the encoder leaves out without a word, or a number of more digits than it reads back. */
function holdsWhatIsLost(value: unknown): boolean {
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== "object" || next === null) continue;
    if (Object.hasOwn(next, "__proto__") || isExactNumber(next)) return true;
    for (const nested of Object.values(next)) if (typeof nested === "object") pending.push(nested);
  }
  return false;
}

export default toon;
