// Numbers on the command line.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

/** Parser for an option. @param what completes the error's sentence, e.g. `milliseconds`. */
export const wholeNumber =
  (what: string, minimum: number) =>
  (text: string): number => {
    const number = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= minimum) return number;
    throw new NocpError("USAGE", `${text} is no number of ${what}`, { advice: `Give a whole number from ${minimum} up` });
  };
