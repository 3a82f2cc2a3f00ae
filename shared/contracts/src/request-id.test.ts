import { validate, version } from "uuid";
import { expect, test, vi } from "vitest";
import { requestIdPattern } from "./request.ts";
import { createRequestId } from "./request-id.ts";

test("a request id is a UUID of version 7, in any case a valid request id", () => {
  const id = createRequestId();
  expect(validate(id)).toBe(true);
  expect(version(id)).toBe(7);
  expect(id).toMatch(requestIdPattern);
});

test("its first twelve digits are the time", () => {
  vi.spyOn(Date, "now").mockReturnValue(0x0197_1234_abcd);
  try {
    expect(createRequestId()).toMatch(/^01971234-abcd-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  } finally {
    vi.restoreAllMocks();
  }
});

test("ids of one millisecond differ", () => {
  const ids = Array.from({ length: 10_000 }, createRequestId);
  expect(new Set(ids).size).toBe(ids.length);
});
