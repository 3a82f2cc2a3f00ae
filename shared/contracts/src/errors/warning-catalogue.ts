// Every warning a result may carry: a code, what it means, whether the answer is as good as without it, what the user may do.
import type { Warning } from "../accounting.ts";

export interface WarningEntry {
  readonly meaning: string;
  /** Whether the answer is as good as it would have been; else the result's status is `degraded`. */
  readonly isHarmless: boolean;
  readonly advice: string;
}

const harmless = (meaning: string, advice: string): WarningEntry => ({ meaning, isHarmless: true, advice });
const harmful = (meaning: string, advice: string): WarningEntry => ({ meaning, isHarmless: false, advice });

/** Codes are never reused for another meaning. `docs/warnings.md` documents each; a test compares the two. */
export const warningCatalogue = {
  ARCHIVE_UNAVAILABLE: harmless(
    "The archive could not be written, so nothing was removed: the raw context was used.",
    "Look at the space and the health of the broker; the error of the same code says more.",
  ),
  COMPRESSION_FAILED: harmless(
    "A compression strategy failed; another took its place, or the raw text was kept.",
    "The message names the strategy and the reason.",
  ),
  COMPRESSION_REFUSED: harmless(
    "A model's compression was thrown away: it missed its size, or held names or numbers that its source does not.",
    "Nothing was lost but the model's tokens; use a stronger student, or leave the strategy out.",
  ),
  BUDGET_EXCEEDED: harmful(
    "The context takes more tokens than the request allows: the rest could not be compressed.",
    "Allow more tokens, or more strategies.",
  ),
  TOOL_ROUNDS_EXHAUSTED: harmful(
    "The model asked for more rounds of tools than are allowed; it answered without them.",
    "Raise router.maxToolRounds.",
  ),
  ANSWER_CUT: harmful(
    "The answer ends at the limit of output tokens.",
    "Raise limits.maxOutputTokens or router.maxOutputTokens.",
  ),
  COST_ESTIMATED: harmless(
    "The provider sent no usage: cost and cap rest on NOCP's own count.",
    "Switch usage on at the provider, where it can be.",
  ),
  COST_PARTLY_UNKNOWN: harmless(
    "A call has no known price, so that limits.maxCostUsd does not count it.",
    "Under a cap, compress without a model whose price is unknown (assess.student.*, assess.embedder.*).",
  ),
  COUNT_ESTIMATED: harmless(
    "The vendor could not be asked for its count of the prompt's tokens; the estimate was used.",
    "Check assess.vendorCount.*, or set assess.countWith to estimate.",
  ),
  EMPTY_ANSWER: harmful("The model answered without any text.", "Ask again, or another model."),
  FORMAT_NOT_HELD: harmless(
    "The answer cannot be held by the format that was asked for, and came in another.",
    "Ask for `auto`, or for JSON.",
  ),
} as const satisfies Record<string, WarningEntry>;

export type WarningCode = keyof typeof warningCatalogue;

/** @param message one sentence for a person, without content. */
export const warningOf = (code: WarningCode, message: string): Warning => ({ code, message });

/** Whether the answer is as good as without the warning; one of a newer sender is not known to be. */
export const isHarmless = ({ code }: Warning): boolean =>
  Object.hasOwn(warningCatalogue, code) && warningCatalogue[code as WarningCode].isHarmless;
