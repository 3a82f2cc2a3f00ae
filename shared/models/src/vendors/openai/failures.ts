// OpenAI's errors, seen in its documentation and its SDK.
import type { FailurePatterns } from "../../failures/failure-patterns.ts";

export const openAiFailures: FailurePatterns = {
  codes: {
    quota: /insufficient_quota|usage_limit|billing|spend_limit|organization_on_hold|account_deactivated/i,
    auth: /invalid_api_key|authentication/i,
    context: /context_length|string_above_max_length/i,
    filter: /content_filter|content_policy|invalid_prompt|_policy(_violation)?$|moderation/i,
    rate: /rate_limit|slow_down/i,
    overloaded: /server_error/,
    timeout: /timeout/i,
    model: /model_not_found/,
  },
  sentences: {
    quota: /exceeded your current quota|billing/i,
    auth: /incorrect api key/i,
    context: /maximum context length|reduce the length/i,
    filter: /usage polic|flagged (as|by)|safety system/i,
  },
};
