import { describe, expect, it } from "vitest";
import { stageLine } from "./stage-line.ts";

describe("what --watch tells of a stage", () => {
  it.each([
    ["stage-completed", null, 1, "done, waited 1.2 ms, worked 43 ms"],
    ["stage-completed", null, 3, "done, waited 1.2 ms, worked 43 ms, attempt 3"],
    ["stage-completed", "CANCELLED", 1, "failed with CANCELLED, waited 1.2 ms, worked 43 ms"],
    ["stage-retried", "RATE_LIMITED", 2, "failed with RATE_LIMITED, will be tried again, waited 1.2 ms, worked 43 ms, attempt 2"],
    ["stage-retried", null, 1, "failed, will be tried again, waited 1.2 ms, worked 43 ms"],
    ["dead-lettered", "INVALID_JSON", 1, "failed with INVALID_JSON, kept as a dead letter, waited 1.2 ms, worked 43 ms"],
  ])("%s with %s at attempt %i", (kind, code, attempt, line) => {
    const event = { requestId: "r", at: 0, queueWaitMs: 1.21, workMs: 43.4, attempt, code };
    expect(stageLine(kind, event)).toBe(line);
  });
});
