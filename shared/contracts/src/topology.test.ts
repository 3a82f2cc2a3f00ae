import { describe, expect, test } from "vitest";
import { durableFilter, parseFactSubject, streamSubjects, subjectBeforePassing, waitingSubjects } from "./topology.ts";

describe("the topology", () => {
  test("a durable reads one filter, also where a stage consumes two facts", () => {
    expect(durableFilter("act", "batch")).toBe("nocp.v2.*.*.*.batch.*");
    expect(durableFilter("assess", "interactive")).toBe("nocp.v2.tools.completed.*.interactive.*");
  });

  test("a stream covers only what a durable reads", () => {
    expect(streamSubjects("assess")).toEqual([
      "nocp.v2.tools.completed.*.interactive.*",
      "nocp.v2.tools.completed.*.batch.*",
      "nocp.v2.tools.completed.*.passing.*",
    ]);
  });

  test("a message in the passing lane is no fact by its subject, and is the one that it was before", () => {
    expect(parseFactSubject("nocp.v2.request.submitted.passing.passing.passing")).toBeUndefined();
    expect(subjectBeforePassing("nocp.v2.request.submitted.passing.passing.passing")).toBe(
      "nocp.v2.request.submitted.passing.interactive.passing",
    );
    expect(subjectBeforePassing("nocp.v2.request.submitted.passing.batch.passing")).toBeUndefined();
    expect(subjectBeforePassing("nocp.v2.passing.x")).toBeUndefined();
    expect(durableFilter("assess", "passing")).toBe("nocp.v2.tools.completed.*.passing.*");
    expect(waitingSubjects("act", "interactive", "acme")).toBe("nocp.v2.*.*.acme.interactive.*");
  });

  test.each([
    "nocp.v2.request.submitted.acme.fast.x",
    "nocp.v1.request.submitted.acme.batch.x",
    "nocp.v2.request.submitted.batch.x",
    "a.b.c.d.e.f.g",
  ])("%s is no fact", (subject) => {
    expect(parseFactSubject(subject)).toBeUndefined();
  });
});
