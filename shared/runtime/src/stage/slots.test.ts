import fc from "fast-check";
import { expect, it } from "vitest";
import { createSlots } from "./slots.ts";

it("finds what was put in until it is taken, once", () => {
  const slots = createSlots<string>();
  const [a, b] = [slots.put("a"), slots.put("b")];
  expect([slots.size, slots.get(a), slots.find((value) => value === "b")]).toEqual([2, "a", "b"]);
  expect([slots.take(a), slots.take(a), slots.get(a), slots.size]).toEqual(["a", undefined, undefined, 1]);
  expect(slots.take(b)).toBe("b");
  expect([slots.take(99), slots.take(-1), slots.size]).toEqual([undefined, undefined, 0]);
});

it("uses a slot again instead of growing", () => {
  const slots = createSlots<number>();
  const numbers = Array.from({ length: 1000 }, (_, value) => {
    const slot = slots.put(value);
    slots.take(slot);
    return slot;
  });
  expect(new Set(numbers).size).toBe(1);
});

it("may be emptied while it is walked through", () => {
  const slots = createSlots<number>();
  for (const value of [1, 2, 3]) slots.put(value);
  const seen: number[] = [];
  slots.forEach((value, slot) => {
    seen.push(value);
    slots.take(slot);
  });
  expect([seen, slots.size]).toEqual([[1, 2, 3], 0]);
});

it("holds what a Map would hold, whatever the order", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constant("put" as const), fc.nat(20)), { maxLength: 200 }), (steps) => {
      const slots = createSlots<{ readonly id: number }>();
      const known = new Map<number, { readonly id: number }>();
      for (const [id, step] of steps.entries()) {
        if (step === "put") {
          const value = { id };
          const slot = slots.put(value);
          expect(known.has(slot)).toBe(false);
          known.set(slot, value);
        } else {
          expect(slots.take(step)).toBe(known.get(step));
          known.delete(step);
        }
      }
      const held: unknown[] = [];
      slots.forEach((value) => {
        held.push(value);
      });
      expect(new Set(held)).toEqual(new Set(known.values()));
      expect(slots.size).toBe(known.size);
    }),
  );
});
