import { type ErrorCode, errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { InvalidField } from "@nocp/models/server-api.ts";
import { describe, expect, it } from "vitest";
import { failureOfError, failureOfResult } from "./http-failure.ts";

describe("an error as HTTP has it", () => {
  it.each(Object.keys(errorCatalogue) as ErrorCode[])("%s has a status that says whose fault it is", (code) => {
    const failure = failureOfResult({ code, message: "m" }, "r");
    expect(failure.status).toBeGreaterThanOrEqual(400);
    expect(failure.status).toBeLessThan(600);
    // What is rejected for good is not to be tried again.
    if (!["retry", "wait"].includes(errorCatalogue[code].disposition)) expect(failure.isWorthRetrying).toBe(false);
  });

  it("says after how many seconds to try again, rounded up", () => {
    const reported = { code: "PROVIDER_RATE_LIMITED", message: "m", retryAfterMs: 6_200 };
    expect(failureOfResult(reported, "r")).toMatchObject({ status: 429, retryAfterSeconds: 7, isWorthRetrying: true });
    expect(failureOfResult({ code: "QUEUE_FULL", message: "m" }, "r").retryAfterSeconds).toBeGreaterThan(0);
    expect(failureOfResult({ code: "INVALID_REQUEST", message: "m" }, "r").retryAfterSeconds).toBeUndefined();
  });

  it("names the field that is wrong, and what to do", () => {
    expect(failureOfError(new InvalidField("n", "is too large"), "r")).toMatchObject({
      status: 400,
      field: "n",
      message: "n: is too large",
    });
    expect(failureOfError(new NocpError("NO_PROVIDER", "no such thing", { advice: "Set a key." }), "r").message).toBe(
      "no such thing. Set a key.",
    );
  });

  it("tells nothing of an error that nobody foresaw", () => {
    const failure = failureOfError(new Error("password=secret"), "r");
    expect(failure).toMatchObject({ status: 500, code: "UNEXPECTED" });
    expect(failure.message).not.toContain("secret");
  });

  it("of a service that NOCP does not know yet is the server's fault", () => {
    expect(failureOfResult({ code: "NEW_CODE", message: "m" }, "r")).toMatchObject({ status: 500, isWorthRetrying: false });
  });
});
