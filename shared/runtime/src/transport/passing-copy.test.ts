import { expect, test } from "vitest";
import { mayRepeatHeader, messageIdHeader } from "../stage/message-headers.ts";
import { claimHeader, newHeaders } from "./message-headers.ts";
import { copyOf, originalOf } from "./passing-copy.ts";

const id = "01890a5d-ac96-774b-bcce-b302099a8057";
const subject = `nocp.v2.tools.completed.acme.interactive.${id}`;
const passingSubject = subject.replace("interactive", "passing");
const headersOf = (values: Readonly<Record<string, string>>) => {
  const headers = newHeaders();
  for (const [name, value] of Object.entries(values)) headers.set(name, value);
  return headers;
};
const original = {
  ...{ subject, sequence: 7, storedAt: 1_000 },
  headers: headersOf({ [messageIdHeader]: `acme.${id}>act.0`, [claimHeader]: "claims/acme.x", "Nats-TTL": "5s" }),
};

test("a copy says all of its original, but its place", () => {
  const { messageId, headers } = copyOf(original);
  const copy = { subject: passingSubject, headers: headersOf({ ...headers, [messageIdHeader]: messageId }) };
  const found = originalOf(copy, 5_000);
  expect(found).toMatchObject({ subject, storedAt: 1_000, sequence: 7 });
  const values = Object.fromEntries((found?.headers?.keys() ?? []).map((name) => [name, found?.headers?.get(name)]));
  expect(values).toEqual({
    [messageIdHeader]: `acme.${id}>act.0`,
    [claimHeader]: "claims/acme.x",
    [mayRepeatHeader]: "1",
  });
});

test("copies of one original have one id, those of different originals have different ones", () => {
  expect(copyOf(original).messageId).toBe(copyOf({ ...original }).messageId);
  expect(copyOf(original).messageId).not.toBe(copyOf({ ...original, sequence: 8 }).messageId);
  expect(copyOf(original).messageId).not.toBe(original.headers.get(messageIdHeader));
});

test("an original without an id has none as a copy either", () => {
  const { messageId, headers } = copyOf({ ...original, headers: undefined });
  const found = originalOf({ subject: passingSubject, headers: headersOf({ ...headers, [messageIdHeader]: messageId }) }, 5_000);
  expect(found?.headers?.get(messageIdHeader)).toBe("");
});

test("nobody wins time by saying that a message was stored later", () => {
  const headers = headersOf({ ...copyOf({ ...original, storedAt: 9_000_000 }).headers });
  expect(originalOf({ subject: passingSubject, headers }, 5_000)?.storedAt).toBe(5_000);
});

test("what was published to the passing lane stands for itself", () => {
  expect(originalOf({ subject: passingSubject }, 5_000)).toEqual({
    subject,
    headers: undefined,
    storedAt: 5_000,
    sequence: undefined,
  });
});

test("a message of another lane is no copy, whatever its headers say", () => {
  const { headers } = copyOf(original);
  expect(originalOf({ subject, headers: headersOf(headers) }, 5_000)).toBeUndefined();
  expect(
    originalOf({ subject: `nocp.v2.tools.completed.passing.batch.${id}`, headers: headersOf(headers) }, 5_000),
  ).toBeUndefined();
});
