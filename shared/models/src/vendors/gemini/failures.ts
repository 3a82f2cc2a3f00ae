// Gemini's errors: names of google.rpc.Code, and sentences for what shares INVALID_ARGUMENT.
import type { FailurePatterns } from "../../failures/failure-patterns.ts";

export const geminiFailures: FailurePatterns = {
  codes: {
    auth: /UNAUTHENTICATED|PERMISSION_DENIED|API_KEY_INVALID/i,
    rate: /RESOURCE_EXHAUSTED/i,
    overloaded: /UNAVAILABLE|INTERNAL/,
    timeout: /DEADLINE_EXCEEDED/i,
    model: /NOT_FOUND/,
  },
  sentences: {
    auth: /api key not valid|api key expired/i,
    context: /input token count (?:\(\d{1,12}\) )?exceeds/i,
  },
};
