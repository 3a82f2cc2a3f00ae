import { describe, expect, test } from "vitest";
import { durableFilter, parseFactSubject, streamSubjects } from "./topology.ts";

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

  test.each([
    "nocp.v2.request.submitted.acme.fast.x",
    "nocp.v1.request.submitted.acme.batch.x",
    "nocp.v2.request.submitted.batch.x",
    "a.b.c.d.e.f.g",
  ])("%s is no fact", (subject) => {
    expect(parseFactSubject(subject)).toBeUndefined();
  });
});
