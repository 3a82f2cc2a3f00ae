// What the results of a request may take together.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { ToolResult } from "@nocp/contracts/messages.ts";
import { failureOf } from "./tool-failure.ts";

export interface ResultAllowance {
  /** @param position of its call among the calls. */
  put(position: number, result: ToolResult): void;
  /** In the order of the calls; complete once every one was put. */
  readonly results: readonly ToolResult[];
}

/**
 * Refuses every result that, with all before it, is larger than the limit. By the order of the calls, not of their ends:
 * the same calls give the same results. One that is sure to be refused is let go at once, so that those that are held
 * never take more than the limit.
 * @param earlierBytes of results that count and are kept elsewhere.
 */
export function createResultAllowance(maxBytes: number, earlierBytes: number): ResultAllowance {
  const results: ToolResult[] = [];
  const bytesOf: number[] = [];
  return {
    results,
    put(position, result) {
      results[position] = result;
      bytesOf[position] = result.bytes;
      let totalBytes = earlierBytes;
      // Skips the calls that still run: whatever they return, what is too much without them is too much with them.
      bytesOf.forEach((bytes, at) => {
        totalBytes += bytes;
        const known = results[at];
        if (totalBytes > maxBytes && known?.status === "succeeded") results[at] = refused(known, maxBytes);
      });
    },
  };
}

function refused({ data: _data, ...result }: ToolResult, maxBytes: number): ToolResult {
  const error = new NocpError(
    "TOOL_OUTPUT_TOO_LARGE",
    `with this result, the tools of the request returned more than their total limit of ${maxBytes} bytes`,
    { advice: "Ask for less, or raise act.maxTotalResultBytes." },
  );
  return { ...result, status: "failed", error: failureOf(error), bytes: 0 };
}
