import { describe, expect, it } from "vitest";
import { NocpError } from "./nocp-error.ts";

describe("an error in other words", () => {
  const error = new NocpError("PROVIDER_RATE_LIMITED", "x", { advice: "Ask tomorrow.", retryAfterMs: 7000, cause: "secret" });

  it("keeps its code, its advice and the time to wait", () => {
    expect(error.withMessage("y")).toMatchObject({
      code: "PROVIDER_RATE_LIMITED",
      message: "y",
      advice: "Ask tomorrow.",
      retryAfterMs: 7000,
    });
  });

  it("keeps no cause but the one that it is given", () => {
    expect(error.withMessage("y").cause).toBeUndefined();
    expect(error.withMessage("y", error).cause).toBe(error);
  });
});
