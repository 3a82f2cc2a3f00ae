// Joins over results of tools: what the question names in one table is followed by its keys into others.

import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { parseQuestion } from "@nocp/text/questions/question.ts";
import { describe, expect, test } from "vitest";
import { createCompressor } from "../compress.ts";
import { loadStrategies } from "../load-strategies.ts";
import { followKeys } from "./follow-keys.ts";
import { readStructure } from "./read-structure.ts";
import { createValueTree, type TreeNode } from "./value-tree.ts";

const customers = Array.from({ length: 200 }, (_, n) => ({
  customer_id: `C-${70000 + n * 7}`,
  name: `Customer ${n}`,
  email: `someone.${n}@mail${n}.example`,
  city: n % 3 === 0 ? "Oslo" : "Graz",
}));
const orders = Array.from({ length: 300 }, (_, n) => ({
  order_id: `ORD-${500000 + n * 13}`,
  customer_id: customers[(n * 17) % customers.length]?.customer_id ?? "",
  product_id: 1 + ((n * 3) % 40),
  total: 10 + n,
}));
const products = Array.from({ length: 40 }, (_, n) => ({
  id: n + 1,
  title: `Lamp ${String.fromCharCode(65 + n)}`,
  price: n * 3,
}));

/** The rows that are followed, as the texts of their values. */
function followed(query: string, ...results: readonly { readonly name: string; readonly data: unknown }[]): string[] {
  const question = parseQuestion(query);
  const readings = results.map(({ name, data }) => readStructure(createValueTree(data, name), question));
  return followKeys(readings).flatMap((rows, at) => {
    const textsOf = (row: TreeNode) => readings[at]?.tree.leaves.filter(({ parent }) => parent === row).map(({ text }) => text);
    return [...rows.keys()].map((row) => textsOf(row)?.join(" ") ?? "");
  });
}

describe("a key is followed", () => {
  const order = orders[41];
  const customer = customers.find(({ customer_id }) => customer_id === order?.customer_id);
  const row = Object.values(customer ?? {}).join(" ");
  const query = `Who placed order ${order?.order_id}, and what is the email?`;

  test("into another result", () => {
    expect(followed(query, { name: "orders", data: orders }, { name: "customers", data: customers })).toEqual([row]);
  });

  test("against the order of the results", () => {
    expect(followed(query, { name: "customers", data: customers }, { name: "orders", data: orders })).toEqual([row]);
  });

  test("into another table of the same result", () => {
    expect(followed(query, { name: "shop", data: { orders, customers } })).toEqual([row]);
  });

  test("to the rows of many, from the one", () => {
    const own = orders.filter(({ customer_id }) => customer_id === customer?.customer_id);
    const rows = followed(
      `What did ${customer?.email} order?`,
      { name: "customers", data: customers },
      { name: "orders", data: orders },
    );
    expect(rows).toEqual(own.map((one) => Object.values(one).join(" ")));
  });

  test("by number, where the column says what it is of", () => {
    const rows = followed(
      `What was in ${order?.order_id}?`,
      { name: "orders", data: orders },
      { name: "products", data: products },
    );
    expect(rows).toEqual([Object.values(products[(order?.product_id ?? 0) - 1] ?? {}).join(" ")]);
  });
});

describe("nothing is followed", () => {
  test("by a number that is the same by chance", () => {
    const tickets = products.map(({ id, price }) => ({ id, price }));
    expect(
      followed(`What was in ${orders[4]?.order_id}?`, { name: "orders", data: orders }, { name: "tickets", data: tickets }),
    ).toEqual([]);
  });

  test("for a question that names no row", () => {
    expect(
      followed("Which order is the largest?", { name: "orders", data: orders }, { name: "customers", data: customers }),
    ).toEqual([]);
  });

  test("by a value that most rows share", () => {
    const rows = customers.map(({ name }) => ({ name, order_id: orders[4]?.order_id }));
    expect(
      followed(
        `Who has ${orders[4]?.order_id} of ${orders[4]?.customer_id}?`,
        { name: "orders", data: orders },
        { name: "rows", data: rows },
      ),
    ).toEqual([]);
  });
});

test("what a followed row says is kept where there is room for a tenth of the rows", async () => {
  const compressor = createCompressor({ strategies: await loadStrategies(), counterFor: () => createTokenCounter("gpt-4o") });
  let kept = 0;
  for (let n = 0; n < 20; n++) {
    const order = orders[n * 11];
    const email = customers.find(({ customer_id }) => customer_id === order?.customer_id)?.email ?? "";
    const { text } = await compressor.compress({
      query: `What is the email of the customer who placed order ${order?.order_id}?`,
      items: [
        { kind: "tool", id: "o", name: "orders", data: orders },
        { kind: "tool", id: "c", name: "customers", data: customers },
      ],
      mode: "auto",
      targetRatio: 0.1,
    });
    if (text.includes(email)) kept++;
  }
  expect(kept).toBe(20);
});
