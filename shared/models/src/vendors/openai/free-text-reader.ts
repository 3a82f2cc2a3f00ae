// The free text that is the only argument of a function, while the JSON of the arguments comes in pieces.
import { freeTextArguments, freeTextOf } from "./responses-tools.ts";

export interface FreeTextReader {
  /** @param piece of JSON as `JSON.stringify` writes it. @returns what it adds to the text. */
  push(piece: string): string;
  /** @returns the whole text, and what of it `push` did not return. */
  end(): { readonly text: string; readonly rest: string };
}

export function createFreeTextReader(): FreeTextReader {
  const { before } = freeTextArguments;
  let whole = "";
  let told = "";
  let held = "";
  let state: "before" | "within" | "after" = "before";
  return {
    push(piece) {
      whole += piece;
      if (state === "after") return "";
      held += piece;
      if (state === "before") {
        if (held.length < before.length) return "";
        state = held.startsWith(before) ? "within" : "after";
        held = held.slice(before.length);
      }
      if (state === "after") return "";
      const end = endOfCertain(held);
      if (held[end] === '"') state = "after";
      const added = JSON.parse(`"${held.slice(0, end)}"`) as string;
      held = held.slice(end);
      told += added;
      return added;
    },
    end() {
      const text = whole === "" ? "" : freeTextOf(JSON.parse(whole));
      return { text, rest: text.slice(told.length) };
    },
  };
}

/** Up to the quote that ends the string, or to an escape that is not complete. */
function endOfCertain(json: string): number {
  const special = /["\\]/g;
  for (let found = special.exec(json); found !== null; found = special.exec(json)) {
    if (found[0] === '"' || /^\\(?:u[0-9a-f]{0,3})?$/.test(json.slice(found.index, found.index + 6))) return found.index;
    special.lastIndex = found.index + 2;
  }
  return json.length;
}
