// Anthropic's errors (platform.claude.com/docs/en/api/errors).
import type { FailurePatterns } from "../../failures/failure-patterns.ts";

export const anthropicFailures: FailurePatterns = {
  codes: {
    auth: /authentication|permission/i,
    rate: /rate_limit/i,
    overloaded: /overloaded|api_error/,
    model: /not_found/,
  },
  sentences: {
    quota: /credit balance/i,
    context: /prompt is too long|input length and `?max_tokens`? exceed/i,
  },
};
