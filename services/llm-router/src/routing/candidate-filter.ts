// Who of a route's candidates cannot take the call, and why. Pure.
import type { RequestPart } from "@nocp/models/capabilities.ts";
import { requestParts } from "@nocp/models/capabilities.ts";
import type { ModelDescription } from "./model-registry.ts";

/** What a call needs of whoever answers it. */
export interface CallNeeds {
  /** Tokens of the prompt that is sent. */
  readonly inputTokens: number;
  /** What the call holds besides text. */
  readonly parts: readonly RequestPart[];
  /** Empty: anywhere. */
  readonly regions: readonly string[];
}

/** @returns why the candidate is left out, in a few words; undefined when it is not. */
export type CandidateFilter = (candidate: ModelDescription, needs: CallNeeds) => string | undefined;

const isNotConfigured: CandidateFilter = ({ isConfigured }) => (isConfigured ? undefined : "not configured");

const isElsewhere: CandidateFilter = ({ region }, { regions }) =>
  regions.length === 0 || regions.includes(region) ? undefined : region === "" ? "its region is not known" : `runs in ${region}`;

const refusesParts: CandidateFilter = ({ parts }, needs) => {
  const refused = needs.parts.filter((part) => parts[part] === "refused");
  return refused.length === 0 ? undefined : `takes no ${refused.map((part) => requestParts[part]).join(", ")}`;
};

/** A shorter request would do. */
export const isTooSmall: CandidateFilter = ({ contextTokens }, { inputTokens }) =>
  inputTokens < contextTokens ? undefined : `its window of ${contextTokens} tokens is too small for ${inputTokens}`;

/** These two hold even when nobody is left. */
export const firmFilters: readonly CandidateFilter[] = [isNotConfigured, isElsewhere];
/** Tables may be behind and counts are estimates: when nobody is left, the vendors decide. */
export const capabilityFilters: readonly CandidateFilter[] = [refusesParts, isTooSmall];

/** The answer depends on these; a vendor that drops one is told of it in words, and may not heed it. */
const better: readonly RequestPart[] = ["outputSchema", "tools", "toolChoice"];

/** What of the call the candidate can only be told of. */
export const lacksOf = ({ parts }: ModelDescription, needs: CallNeeds): RequestPart[] =>
  needs.parts.filter((part) => better.includes(part) && parts[part] === "dropped");
