import { expect, test } from "vitest";
import { sessionHeadSchema } from "./session.ts";

const status = sessionHeadSchema.shape.status;

test.each([
  ["active", "active"],
  ["closed", "closed"],
  ["archived", "closed"],
])("the status %s of a stored session is read as %s", (stored, read) => {
  expect(status.parse(stored)).toBe(read);
});

test("any other status is refused", () => {
  expect(status.safeParse("gone").success).toBe(false);
});
