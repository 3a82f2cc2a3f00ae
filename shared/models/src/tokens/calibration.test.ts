import { describe, expect, it } from "vitest";
import { calibrationAfter } from "./calibration.ts";

const start = { factor: 1.2, samples: 0 };

describe("calibration", () => {
  it("comes within 2 % of a model's true factor after twenty bills", () => {
    let calibration = start;
    for (let bill = 0; bill < 20; bill++) {
      const encoded = 1000 + 37 * bill;
      calibration = calibrationAfter(calibration, encoded * calibration.factor, encoded * 1.34);
    }
    expect(Math.abs(calibration.factor / 1.34 - 1)).toBeLessThan(0.02);
    expect(calibration.samples).toBe(20);
  });

  it("follows a model whose tokenizer changes", () => {
    let calibration = { factor: 1.1, samples: 500 };
    for (let bill = 0; bill < 100; bill++) calibration = calibrationAfter(calibration, 2000 * calibration.factor, 2000 * 1.4);
    expect(Math.abs(calibration.factor / 1.4 - 1)).toBeLessThan(0.02);
  });

  it("learns nothing from a prompt that is mostly overhead, or from a bill that is no number", () => {
    for (const [counted, billed] of [
      [20, 60],
      [0, 10],
      [1000, 0],
      [1000, -5],
      [1000, Number.NaN],
      [1000, Number.POSITIVE_INFINITY],
    ]) {
      expect(calibrationAfter(start, counted!, billed!)).toEqual(start);
    }
  });

  it("is moved little by one absurd bill, and never beyond its bounds by many", () => {
    const settled = { factor: 1.2, samples: 50 };
    expect(calibrationAfter(settled, 1000, 1_000_000).factor).toBeLessThan(1.3);
    let high = settled;
    let low = settled;
    for (let bill = 0; bill < 1000; bill++) {
      high = calibrationAfter(high, 1000, 1e9);
      low = calibrationAfter(low, 1000, 1);
    }
    expect(high.factor).toBeLessThanOrEqual(3);
    expect(low.factor).toBeGreaterThanOrEqual(0.4);
  });
});
