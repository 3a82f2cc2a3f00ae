// The usage that a client is told: of the calls that made its answer.
import type { Usage } from "@nocp/contracts/accounting.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { totalUsage } from "@nocp/contracts/usage-total.ts";

const nothing: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  source: "counted",
};

/** Calls that failed, and models that helped to compress, are on NOCP's bill alone. Nothing, where a cache answered. */
export const answerUsage = ({ attempts }: Pick<NocpResult, "attempts">): Usage =>
  totalUsage(attempts.filter(({ outcome, purpose }) => outcome === "succeeded" && purpose !== "compression")) ?? nothing;
