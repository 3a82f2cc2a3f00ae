import { describe, expect, test } from "vitest";
import { tidyNumbers } from "./tidy-numbers.ts";

describe("numbers of a result", () => {
  test("lose the noise of sums, and no digit that counts", () => {
    expect(tidyNumbers({ usd: 0.0075250000000000004, cost: { baselineUsd: 0.1 + 0.2 }, saved: -1.1 - 2.2 })).toEqual({
      usd: 0.007525,
      cost: { baselineUsd: 0.3 },
      saved: -3.3,
    });
    expect(tidyNumbers([123_456.789012, 1e-9, 1 / 3])).toEqual([123_456.789012, 1e-9, 0.333333333333]);
  });

  test("are whole milliseconds for points in time, and microseconds for durations", () => {
    expect(
      tidyNumbers({ submittedAt: 1795797089732.6948, at: 1795797089732.4, journey: [{ workMs: 958.320556640625 }] }),
    ).toEqual({
      submittedAt: 1795797089733,
      at: 1795797089732,
      journey: [{ workMs: 958.321 }],
    });
  });

  test("stay as they are otherwise, as does everything that is no number", () => {
    const value = { answer: "0.1 + 0.2", tokens: 12, nothing: null, flag: true, list: [], usd: 0 };
    expect(tidyNumbers(value)).toEqual(value);
  });
});
