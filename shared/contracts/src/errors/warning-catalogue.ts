// Every warning a result may carry: a code, what it means, whether the answer is as good as without it, what the user may do.
import type { Warning } from "../accounting.ts";

export interface WarningEntry {
  readonly meaning: string;
  /** Whether the answer is as good as without it; otherwise the result's status is `degraded`. */
  readonly isHarmless: boolean;
  readonly advice: string;
}

const harmless = (meaning: string, advice: string): WarningEntry => ({ meaning, isHarmless: true, advice });
const harmful = (meaning: string, advice: string): WarningEntry => ({ meaning, isHarmless: false, advice });

/** Codes are never reused for another meaning. `docs/warnings.md` documents each; a test compares the two. */
export const warningCatalogue = {
  ARCHIVE_UNAVAILABLE: harmless(
    "The archive could not be written, so nothing was removed: the context was not compressed.",
    "Check that NATS is running and has free space.",
  ),
  COMPRESSION_FAILED: harmless(
    "A compression strategy failed; another one was used, or the text was not compressed.",
    "The message names the strategy and the reason.",
  ),
  COMPRESSION_REFUSED: harmless(
    "A model's compression was discarded: it was too long, or it contained names or numbers that its source does not.",
    "Use a stronger model for distillation (assess.distiller.model), or leave the strategy out.",
  ),
  BUDGET_EXCEEDED: harmful(
    "The context has more tokens than the request allows: the rest could not be compressed.",
    "Allow more tokens or more strategies.",
  ),
  TOOL_ROUNDS_EXHAUSTED: harmful(
    "The model wanted more rounds of tool calls than allowed; it answered without them.",
    "Raise router.maxToolRounds.",
  ),
  STREAM_DAMAGED: harmful(
    "A piece of the provider's stream could not be read; the stream ended properly, but the answer may lack a few words.",
    "Check the answer, or submit the request again; look for a proxy that changes response bodies.",
  ),
  ANSWER_CUT: harmful(
    "The answer was cut at the limit of output tokens.",
    "Raise limits.maxOutputTokens or router.maxOutputTokens.",
  ),
  REQUEST_REDUCED: harmful(
    "The prompt was too long for every available model; it was sent with less of the context or conversation, or without tools.",
    "Send less, add a candidate with a larger window, or set routing.fallback.smaller to false to get an error instead.",
  ),
  ANSWER_EXTRACTED: harmful(
    "No model answered; the answer is an extract of the context.",
    "See attempts for what failed; set routing.fallback.degraded to false to get an error instead.",
  ),
  COST_ESTIMATED: harmless(
    "The provider reported no usage: cost and cap are based on NOCP's own count.",
    "Enable usage reporting at the provider, if it can.",
  ),
  COST_PARTLY_UNKNOWN: harmless(
    "The cost of a call is unknown, and so is the total: the call failed after it was sent, a service ended during it, or its model has no known price.",
    "cost.knownUsd is the known part. With a cap, do not compress with models whose price is unknown (assess.distiller.*, assess.embedder.*).",
  ),
  BUDGET_SOFT_LIMIT: harmless(
    "More than the soft limit of a budget is spent.",
    "`./nocp budgets list` shows what is left. At the limit itself, requests fail with BUDGET_EXHAUSTED.",
  ),
  COST_ABOVE_CAP: harmless(
    "The calls cost more than limits.maxCostUsd: a provider billed more tokens than NOCP had counted.",
    "Leave a margin in the cap, or limit the output with limits.maxOutputTokens.",
  ),
  COUNT_ESTIMATED: harmless(
    "The provider could not count the prompt's tokens; an estimate was used.",
    "Check assess.vendorCount.*, or set assess.countWith to estimate.",
  ),
  PARAMETER_DROPPED: harmless(
    "The model does not support a parameter of the request, which was sent without it.",
    "Choose a model that supports it; docs/providers.md lists what each vendor supports.",
  ),
  TOOL_CALLS_DROPPED: harmful(
    "The model called the caller's tools and other tools at once when no round of tool calls was left; the other calls did not run.",
    "Send the results of the caller's tools; the model then calls again what it still needs.",
  ),
  EMPTY_ANSWER: harmful("The model returned no text.", "Try again, or use another model."),
  FORMAT_NOT_HELD: harmless("The requested format cannot represent the answer; another one was used.", "Use `auto` or JSON."),
} as const satisfies Record<string, WarningEntry>;

export type WarningCode = keyof typeof warningCatalogue;

/** @param message one sentence, without content. */
export const warningOf = (code: WarningCode, message: string): Warning => ({ code, message });

/** Whether the answer is as good as without the warning; one of a newer sender is not known to be. */
export const isHarmless = ({ code }: Warning): boolean =>
  Object.hasOwn(warningCatalogue, code) && warningCatalogue[code as WarningCode].isHarmless;
