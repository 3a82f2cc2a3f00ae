// What is wrong with a value, in a sentence that names the field.
import type { z } from "zod";

/** `limits.timeoutMs: expected number, received string; unknown field "foo"`, at most five problems. */
export function describeProblems(error: z.ZodError): string {
  const lines = error.issues.map((issue) => {
    const path = issue.path.map(String).join(".");
    if (issue.code === "unrecognized_keys") {
      const fields = issue.keys.map((key) => `"${path === "" ? key : `${path}.${key}`}"`).join(", ");
      return `unknown field ${fields}`;
    }
    return path === "" ? issue.message : `${path}: ${issue.message}`;
  });
  const shown = lines.slice(0, 5);
  if (lines.length > shown.length) shown.push(`and ${lines.length - shown.length} more`);
  return shown.join("; ");
}
