// What the headers of a response say of a call.
import { overheadMsOf } from "@nocp/contracts/latency.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import type { PathChoice } from "./choose-path.ts";

/** Both vendors' clients show a request id, each under another name. */
export const identityHeaders = (requestId: string, traceId: string | null): Record<string, string> => ({
  "x-request-id": requestId,
  "request-id": requestId,
  "x-nocp-request-id": requestId,
  ...(traceId === null ? {} : { "x-nocp-trace-id": traceId }),
});

export const pathHeaders = ({ path, reason }: PathChoice): Record<string, string> => ({
  "x-nocp-path": path,
  ...(reason === undefined ? {} : { "x-nocp-path-reason": reason }),
});

/** Of a finished call. A cost that nobody knows is left out, never 0. */
export function billHeaders(result: NocpResult): Record<string, string> {
  const { cost, tokens, provider, model, latency, cache, warnings } = result;
  const saved = tokens.input.raw - tokens.input.optimized;
  const codes = [...new Set(warnings.map(({ code }) => code))];
  return {
    "x-nocp-tokens-saved": String(Math.max(0, saved)),
    "x-nocp-overhead-ms": String(Math.round(overheadMsOf(latency))),
    "x-nocp-cache": cache.hit ? "hit" : "miss",
    ...(cost.usd === null ? {} : { "x-nocp-cost-usd": String(cost.usd) }),
    ...(provider === null ? {} : { "x-nocp-provider": headerText(provider) }),
    ...(model === null ? {} : { "x-nocp-model": headerText(model) }),
    ...(codes.length === 0 ? {} : { "x-nocp-warnings": codes.join(", ") }),
  };
}

/** Names may come from a vendor's answer: what no header can hold is left out. */
const headerText = (text: string): string => text.replace(/[^\x20-\x7e]/g, "").slice(0, 256);
