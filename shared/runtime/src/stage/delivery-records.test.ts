import { describe, expect, test } from "vitest";
import { createDeliveryRecords } from "./delivery-records.ts";

const at = (streamSequence: number, handoutSequence: number) => ({ streamSequence, handoutSequence });

describe("a first delivery", () => {
  test("is new when it comes after all that the stream had, and after all that came before", () => {
    const records = createDeliveryRecords(10);
    expect(records.place(at(10, 1), "interactive")).toBe("known");
    expect(records.place(at(11, 2), "interactive")).toBe("new");
    expect(records.place(at(13, 3), "interactive")).toBe("new");
    expect(records.place(at(12, 4), "interactive")).toBe("known");
    expect(records.place(at(12, 1), "batch")).toBe("new");
  });

  test("is not new while the broker is away, nor up to the last sequence when it is back", () => {
    const records = createDeliveryRecords(0);
    records.distrust();
    expect(records.place(at(5, 1), "interactive")).toBe("known");
    records.trust(8);
    expect(records.place(at(8, 2), "interactive")).toBe("known");
    expect(records.place(at(9, 3), "interactive")).toBe("new");
  });

  test("shows that the broker has forgotten when its count goes back, once, and nothing is new until it is asked", () => {
    const records = createDeliveryRecords(0);
    expect(records.place(at(1, 40), "interactive")).toBe("new");
    expect(records.place(at(7, 3), "interactive")).toBe("forgotten");
    expect(records.place(at(8, 4), "interactive")).toBe("known");
    records.trust(8);
    expect(records.place(at(9, 5), "interactive")).toBe("new");
  });

  test("of a stream that was made anew counts from its own beginning", () => {
    const records = createDeliveryRecords(500);
    records.trust(0);
    expect(records.place(at(1, 1), "interactive")).toBe("new");
  });
});
