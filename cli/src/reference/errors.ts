// docs/errors.md: every code of the error catalogue, and what happens wherever it is raised.
import { type ErrorCode, errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import type { ErrorPlace } from "@nocp/contracts/errors/catalogue-entry.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { exitCodeOf } from "../terminal/exit-code.ts";
import { markdownTable } from "./markdown-table.ts";
import type { ReferenceDocument } from "./reference-document.ts";

const stageOutcomes = {
  retry: "retried; after the last attempt, dead letter and failed result",
  wait: "waits and is retried until the deadline; then failed result",
  reject: "dead letter and failed result",
  fail: "failed result",
} as const;

/** What happens when a place raises a code, in a few words. */
export function outcomeOf(code: ErrorCode, place: ErrorPlace): string {
  const { disposition, endsRoute } = errorCatalogue[code];
  switch (place) {
    case "cli":
      return `exits with ${exitCodeOf(new NocpError(code, ""))}`;
    case "client":
      return `rejects; \`./nocp\` exits with ${exitCodeOf(new NocpError(code, ""))}`;
    case "service":
      return `does not start, exits with ${code === "INVALID_CONFIGURATION" ? 2 : 1}`;
    case "stage":
      return stageOutcomes[disposition];
    case "tool":
      return disposition === "retry" ? "retried, then failed tool result" : "failed tool result";
    case "provider":
      return endsRoute ? "no further candidate" : "next candidate";
    case "warning":
      return "request is answered";
  }
}

export const errorRows = (): string[][] =>
  (Object.keys(errorCatalogue) as ErrorCode[]).map((code) => {
    const { meaning, raisedBy, advice } = errorCatalogue[code];
    const outcomes = raisedBy.map((place) => `**${place}**: ${outcomeOf(code, place)}`);
    return [`\`${code}\``, meaning, outcomes.join("<br>"), advice];
  });

export const errorDocument = (): ReferenceDocument => ({
  fileName: "errors.md",
  text: `# Errors

Every error has a code. Results, dead letters and the command line report the code with a message about the case at hand and
the advice below. Generated from \`shared/contracts/src/errors/catalogue.ts\` by \`./nocp docs\`.

The same code can be raised in several places, with different consequences:

- **cli**: a command of \`./nocp\` prints the error and exits. With \`--json\` it prints \`{"error": {"code", "message", "advice"}}\`.
- **client**: a call of the TypeScript client rejects with a \`NocpError\`. Commands that use the client exit as listed.
- **service**: the service does not start and exits.
- **stage**: a stage throws it while it handles a message. An error that is *retried* is tried again with a growing delay, at
  most \`messaging.maxAttempts\` times and never past the request's deadline; if the delay would pass the deadline, the request
  fails at once. One that *waits* is retried until the deadline, and no wait counts as an attempt. Errors without a code are retried, too, and end as \`ATTEMPTS_EXHAUSTED\`. \`./nocp dead\` lists, shows and
  redrives dead letters.
- **tool**: a tool call fails. The request continues; its result has the failed tool result, and a warning with the same code. Only tools that are \`idempotent\` are *retried*, at most \`maxAttempts\` times.
- **provider**: one call to a provider fails. The next candidate of the route is called, unless the table says *no further
  candidate*. If none answers, the stage llm-router fails with the most useful of the codes.
- **warning**: the request is answered; the code is among the warnings of the result.

${markdownTable(["code", "meaning", "raised by, and what happens", "advice"], errorRows())}
`,
});
