// Errors of servers that speak OpenAI's protocol with words of their own: llama.cpp, vLLM, Azure, gateways.
import type { FailurePatterns } from "../../failures/failure-patterns.ts";

export const compatibleFailures: FailurePatterns = {
  codes: {
    quota: /quota_exhausted|exceeded_current_quota|credit/i,
    context: /context_size/i,
    filter: /ResponsibleAIPolicyViolation/i,
    overloaded: /internal_error/,
  },
  sentences: {
    context: /context (window|length|size)|too many (input )?tokens/i,
    filter: /content (management )?policy/i,
  },
};
