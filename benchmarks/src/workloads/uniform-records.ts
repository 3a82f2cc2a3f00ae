// Flat records that all have the same fields, as an export of a table gives them, and questions for one of them.
import type { Random } from "./random.ts";
import { cities, person } from "./vocabulary.ts";
import type { Question, Row } from "./workload.ts";

/** @returns `count` orders, an hour or so apart, from a few dozen customers. */
export function createUniformRecords(count: number, random: Random): Row[] {
  const drawn = new Set<string>();
  const customers = Array.from({ length: 40 }, () => person(random, drawn));
  let at = Date.UTC(2026, 4, 1);
  return Array.from({ length: count }, (_, row) => {
    at += random.integer(600, 7200) * 1000;
    const { name, email } = random.pick(customers);
    return {
      id: 10_000 + row,
      customer: name,
      email,
      city: random.pick(cities),
      status: random.pick(["shipped", "pending", "cancelled"]),
      total: random.integer(500, 99_999) / 100,
      placed: new Date(at).toISOString(),
    };
  });
}

export function askUniformRecords(records: readonly Row[], random: Random): Question {
  const { id, email, total } = random.pick(records) as Row & { readonly email: string };
  const query = `What is the email address of the customer of order ${id}, and what is its total?`;
  return { kind: "look-up by key", query, needs: [email, String(total)], enough: "all" };
}
