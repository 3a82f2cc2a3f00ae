// Questions that set conditions on rows and lines: what is not so, what is missing, times, ranges of numbers.

import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { parseQuestion } from "@nocp/text/questions/question.ts";
import { isInRanges, timesOf } from "@nocp/text/questions/time-ranges.ts";
import { describe, expect, test } from "vitest";
import { createCompressor } from "../compress.ts";
import { loadStrategies } from "../load-strategies.ts";

const counter = createTokenCounter("gpt-4o");
const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => counter });

async function compress(query: string, data: unknown, targetRatio: number): Promise<string> {
  const items = [{ kind: "tool", id: "t", name: "list", data: data as never }] as const;
  return (await compressor.compress({ query, items, mode: "auto", targetRatio })).text;
}

const people = ["Ann Lee", "Bob Ray", "Cid Fox", "Dan Orr", "Eve Kay"];
const states = ["delivered", "pending", "delivered", "shipped"];
const orders = Array.from({ length: 120 }, (_, n) => ({
  id: `O-${1000 + n}`,
  customer: people[(n * 7) % 5] as string,
  status: states[(n * 3 + (n >> 3)) % 4] as string,
  total: 20 + ((n * 37) % 900),
  address: `${n} Mill Lane, Town ${n % 9}`,
}));

/** How many of the rows are in the text, by what names them. */
const shownOf = (text: string, rows: readonly { readonly id: string }[]) => rows.filter(({ id }) => text.includes(id)).length;

describe("negation binds to the value behind it", () => {
  const wanted = orders.filter(({ customer, status }) => customer === "Ann Lee" && status !== "delivered");

  test.each([
    "Which orders of Ann Lee are not delivered?",
    "Which orders of Ann Lee have not been delivered yet?",
    "List Ann Lee's orders except the delivered ones",
  ])("%s", async (query) => {
    const text = await compress(query, orders, 0.25);
    expect(wanted.length).toBeGreaterThan(5);
    expect(shownOf(text, wanted)).toBe(wanted.length);
  });

  test("a named person may be what is excluded", async () => {
    const few = orders.slice(0, 30);
    const text = await compress("Which orders are not from Ann Lee?", few, 0.6);
    const others = few.filter(({ customer }) => customer !== "Ann Lee");
    expect(shownOf(text, others)).toBe(others.length);
  });
});

describe("what is missing", () => {
  const staff = Array.from({ length: 60 }, (_, n) => ({
    id: `P-${100 + n}`,
    name: `Person ${String.fromCharCode(65 + (n % 26))}${n}`,
    email: n % 9 === 4 ? null : `person.${n}@mail.example`,
    ...(n % 13 === 5 ? {} : { phone: `+47 55 ${100 + n}` }),
  }));

  test.each([
    ["Who has no email?", "email"],
    ["Which people have a null email?", "email"],
    ["Who is without an email?", "email"],
    ["Whose phone is missing?", "phone"],
  ] as const)("%s", async (query, field) => {
    const wanted = staff.filter((person) => (person[field] ?? null) === null);
    const text = await compress(query, staff, 0.3);
    expect(shownOf(text, wanted)).toBe(wanted.length);
  });
});

describe("times", () => {
  const reservations = Array.from({ length: 120 }, (_, n) => {
    const day = new Date(Date.UTC(2024, 0, 1 + n * 2)).toISOString().slice(0, 10);
    return { id: `R-${500 + n}`, guest: people[n % 5] as string, date: day, nights: 1 + (n % 6) };
  });

  test.each([
    ["Which reservations are between 2024-03-01 and 2024-03-10?", "2024-03-01", "2024-03-11"],
    ["Which reservations are after 2024-08-15?", "2024-08-16", "9999"],
    ["Which reservations are before 2024-01-10?", "0", "2024-01-10"],
    ["Which reservations are in March 2024?", "2024-03-01", "2024-04-01"],
    ["2024年3月的预订有哪些？", "2024-03-01", "2024-04-01"],
  ])("%s", async (query, from, to) => {
    const wanted = reservations.filter(({ date }) => date >= from && date < to);
    expect(wanted.length).toBeGreaterThan(3);
    const text = await compress(query, reservations, 0.25);
    expect(shownOf(text, wanted)).toBe(wanted.length);
  });

  test("with a person: rows of both", async () => {
    const wanted = reservations.filter(({ date, guest }) => date.startsWith("2024-03") && guest === "Cid Fox");
    expect(shownOf(await compress("Which reservations has Cid Fox in March 2024?", reservations, 0.15), wanted)).toBe(
      wanted.length,
    );
  });

  test("are left alone in a table that has none of them", async () => {
    const text = await compress("What did Ann Lee, who joined in May 2019, reserve?", reservations, 0.3);
    const wanted = reservations.filter(({ guest }) => guest === "Ann Lee");
    expect(shownOf(text, wanted)).toBe(wanted.length);
  });

  const lines = Array.from({ length: 900 }, (_, n) => {
    const clock = new Date(Date.UTC(2024, 4, 1, 10, 0, n * 10)).toISOString().slice(11, 19);
    return `2024-05-01T${clock}Z INFO request ${n} of user${n % 17} took ${n === 417 ? 93 : (n * 7) % 48} ms`;
  });

  test("lines of a log between two times of day", async () => {
    const text = await compress("What happened between 11:30:00 and 11:31:00?", lines.join("\n"), 0.1);
    for (const line of lines.filter((own) => /T11:3(?:0|1:00)/.test(own))) expect(text).toContain(line.slice(0, 40));
  });

  test("lines of a log whose measure passes a number", async () => {
    expect(await compress("Which request was slower than 48 ms?", lines.join("\n"), 0.03)).toContain("request 417 ");
  });
});

test("a range of numbers", async () => {
  const wanted = orders.filter(({ total }) => total >= 500 && total <= 520);
  expect(wanted.length).toBeGreaterThan(1);
  const text = await compress("Which orders have a total between 500 and 520?", orders, 0.15);
  expect(shownOf(text, wanted)).toBe(wanted.length);
});

test("the opposite of a flag, by its prefix", async () => {
  const accounts = Array.from({ length: 60 }, (_, n) => ({ id: `A-${700 + n}`, owner: `Owner ${n}`, verified: n % 6 !== 1 }));
  const wanted = accounts.filter(({ verified }) => !verified);
  expect(shownOf(await compress("Which accounts are unverified?", accounts, 0.3), wanted)).toBe(wanted.length);
});

test("a long line shows what stands around the identifier that is asked for", async () => {
  const long = (n: number) => `2024-05-01T10:00:00Z ERROR job ${n} ${`frame${n} `.repeat(400)} trace tr-${16000 + n} end`;
  const lines = Array.from({ length: 60 }, (_, n) => long(n));
  const text = await compress("What is known of trace tr-16047?", lines.join("\n"), 0.1);
  expect(text).toContain("trace tr-16047");
});

describe("times of a question", () => {
  const day = (text: string) => Date.parse(`${text}T00:00:00Z`);

  test.each([
    ["on 2024-03-05", day("2024-03-05"), day("2024-03-06")],
    ["since March 2024", day("2024-03-01"), Number.POSITIVE_INFINITY],
    ["until 5 March 2024", Number.NEGATIVE_INFINITY, day("2024-03-06")],
    ["before May 1st, 2024", Number.NEGATIVE_INFINITY, day("2024-05-01")],
    ["during 2023", day("2023-01-01"), day("2024-01-01")],
    ["from 2024/01/01 to 2024/01/31", day("2024-01-01"), day("2024-02-01")],
    ["im März 2024", day("2024-03-01"), day("2024-04-01")],
    ["2024年3月5日以前", Number.NEGATIVE_INFINITY, day("2024-03-05")],
  ])("%s", (text, from, to) => {
    expect(timesOf(text).ranges).toEqual([{ from, to, isTimeOfDay: false }]);
  });

  test("are no numbers to compare with, and numbers are no times", () => {
    expect(parseQuestion("orders after 2024-06-20").comparisons).toEqual([]);
    expect(timesOf("orders over 2024 dollars, version 1.20, order 2024-17").ranges).toEqual([]);
  });

  test("are compared with what stands in the data", () => {
    const { ranges } = timesOf("between 11:30:00 and 11:31:00");
    expect(isInRanges("11:30:59 INFO", ranges)).toBe(true);
    expect(isInRanges('1.2.3.4 - - [01/May/2024:11:29:59 +0000] "GET /"', ranges)).toBe(false);
    expect(isInRanges("no time here", ranges)).toBeUndefined();
    expect(isInRanges("2024-05-01T11:30:01.500+02:00", timesOf("on 2024-05-01").ranges)).toBe(true);
  });
});
