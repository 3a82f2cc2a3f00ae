// Codes of errors as values of a label.
import { errorCatalogue, isErrorCode } from "@nocp/contracts/errors/catalogue.ts";
import type { ErrorPlace } from "@nocp/contracts/errors/catalogue-entry.ts";

/** `none` where nothing failed, `other` for a code that is in no catalogue. */
export const codeLabel = (code: string | null | undefined): string =>
  code == null ? "none" : isErrorCode(code) ? code : "other";

/** What `codeLabel` can give for errors that are raised at one of these places. */
export const codesRaisedBy = (...places: readonly ErrorPlace[]): string[] => [
  ...Object.entries(errorCatalogue)
    .filter(([, { raisedBy }]) => raisedBy.some((place) => places.includes(place)))
    .map(([code]) => code),
  "other",
];
