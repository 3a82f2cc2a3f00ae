import { validate, version } from "uuid";
import { expect, test } from "vitest";
import { requestIdPattern } from "./request.ts";
import { createRequestId } from "./request-id.ts";

test("a request id is a UUID of version 7, in any case a valid request id", () => {
  const id = createRequestId();
  expect(validate(id)).toBe(true);
  expect(version(id)).toBe(7);
  expect(id).toMatch(requestIdPattern);
});

test("its first twelve digits are the time", () => {
  const before = Date.now();
  const time = Number.parseInt(createRequestId().replaceAll("-", "").slice(0, 12), 16);
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(Date.now());
});

test("ids of one millisecond differ", () => {
  const ids = Array.from({ length: 10_000 }, createRequestId);
  expect(new Set(ids).size).toBe(ids.length);
});
