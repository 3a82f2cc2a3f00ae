import { describe, expect, test } from "vitest";
import { emissionId, redriveId, redriveOf } from "./message-id.ts";

describe("message ids", () => {
  test("are derived from the input, so that a redelivery publishes the same ones", () => {
    expect(emissionId("request>act.0", "assess", 0)).toBe("request>act.0>assess.0");
  });

  test("count redrives", () => {
    const once = redriveId("request>act.0", 1);
    expect([redriveOf("request>act.0"), redriveOf(once), redriveOf(redriveId(once, 2))]).toEqual([0, 1, 2]);
  });
});
