// The child's side of runInChild.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { ChildAnswer } from "./run-in-child.ts";

/** Waits for the one input, answers it and ends. Errors that are no NocpError are reported as TOOL_FAILED. */
export function answerParent<Input, Answer>(work: (input: Input) => Answer): void {
  process.once("disconnect", () => process.exit());
  process.once("message", (input) => {
    process.send?.(answerOf(work, input as Input));
  });
}

function answerOf<Input, Answer>(work: (input: Input) => Answer, input: Input): ChildAnswer<Answer> {
  try {
    return { answer: work(input) };
  } catch (error) {
    const { message } = error as Error;
    return { error: { code: error instanceof NocpError ? error.code : "TOOL_FAILED", message } };
  }
}
