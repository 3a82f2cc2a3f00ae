// Three tables of a shop in SQLite, each selected whole: products, orders, customers.

import { type Random, unique } from "./random.ts";
import { amount, cities, person, properName, timestamp } from "./vocabulary.ts";
import type { Question, Row, Workload } from "./workload.ts";

const counts = { small: [20, 30, 15], medium: [120, 250, 100], large: [500, 1000, 400] } as const;
/** Share of the orders that came back, in per cent; at least three. */
const returnedPercent = 3;

function createProduct(random: Random, drawn: Set<string>, amounts: Set<number>) {
  const material = random.pick(["Oak", "Steel", "Linen", "Glass", "Cork", "Wool"]);
  return {
    sku: `SKU-${unique(drawn, () => random.digits(6))}`,
    name: `${properName(random, drawn)} ${random.pick(["Lamp", "Chair", "Kettle", "Shelf", "Rug", "Clock"])}`,
    category: random.pick(["Lighting", "Furniture", "Kitchen", "Storage", "Textiles", "Decoration"]),
    material,
    price: amount(random, amounts, 4, 900),
    stock: random.integer(0, 400),
    weight_g: random.integer(80, 24_000),
    supplier: random.pick(["Holm & Sons", "Tessier SARL", "Nordlys AS", "Iberia Casa"]),
    updated_at: timestamp(random),
  };
}

function createCustomer(random: Random, drawn: Set<string>) {
  const { name, email } = person(random, drawn);
  return {
    customer_id: `C-${unique(drawn, () => random.digits(5))}`,
    name,
    email,
    phone: `+${random.integer(30, 49)} ${random.digits(3)} ${random.digits(6)}`,
    city: random.pick(cities),
    segment: random.pick(["private", "private", "business", "reseller"]),
    customer_since: timestamp(random).slice(0, 10),
    credit_limit: random.integer(1, 40) * 250,
  };
}

type Product = ReturnType<typeof createProduct>;
type Customer = ReturnType<typeof createCustomer>;

function createOrder(
  random: Random,
  products: readonly Product[],
  customers: readonly Customer[],
  drawn: Set<string>,
  amounts: Set<number>,
) {
  return {
    order_id: `ORD-${unique(drawn, () => random.digits(6))}`,
    customer_id: random.pick(customers).customer_id,
    sku: random.pick(products).sku,
    quantity: random.integer(1, 12),
    total: amount(random, amounts, 10, 6000),
    status: random.pick(["paid", "packed", "shipped", "delivered", "delivered"]),
    placed_at: timestamp(random),
    ship_city: random.pick(cities),
    carrier: random.pick(["PostNord", "DHL", "DPD", "Chronopost"]),
    tracking_number: `TRK${unique(drawn, () => random.digits(10))}`,
  };
}

type Order = ReturnType<typeof createOrder>;
interface Shop {
  readonly products: readonly Product[];
  readonly orders: readonly Order[];
  readonly customers: readonly Customer[];
}

const listing = (orders: readonly Order[]): Row[] =>
  orders.map(({ order_id, customer_id, total, placed_at, carrier }) => ({ order_id, customer_id, total, placed_at, carrier }));

const questions: readonly ((shop: Shop, random: Random) => Question)[] = [
  ({ orders }, random) => {
    const { order_id, tracking_number } = random.pick(orders);
    return {
      kind: "look-up by key",
      query: `What is the tracking number of order ${order_id}?`,
      needs: [tracking_number],
      enough: "all",
    };
  },
  ({ orders }) => {
    const returned = orders.filter(({ status }) => status === "returned");
    return {
      kind: "filter, as a table",
      query: "List all returned orders with order_id, customer_id, total, placed_at and carrier, as a JSON array of objects.",
      needs: returned.flatMap(({ order_id, total }) => [order_id, String(total)]),
      enough: "all",
      table: listing(returned),
    };
  },
  ({ products }) => {
    const dearest = products.reduce((most, one) => (one.price > most.price ? one : most));
    return {
      kind: "extreme",
      query: "Which product is the most expensive, and what does it cost?",
      needs: [dearest.name, String(dearest.price)],
      enough: "all",
    };
  },
  ({ orders }, random) => {
    const { customer_id } = random.pick(orders);
    const own = orders.filter((order) => order.customer_id === customer_id);
    return {
      kind: "aggregate over a filter",
      query: `What is the sum of the totals of all orders of customer ${customer_id}?`,
      needs: own.map(({ total }) => String(total)),
      enough: "all",
    };
  },
  ({ orders, customers }, random) => {
    const { order_id, customer_id } = random.pick(orders);
    const customer = customers.find((one) => one.customer_id === customer_id)!;
    return {
      kind: "join",
      query: `What is the email of the customer who placed order ${order_id}?`,
      needs: [customer.email],
      enough: "all",
    };
  },
  ({ customers }) => {
    const found = customers.filter(({ segment }) => segment === "reseller");
    return {
      kind: "filter, as a table",
      query:
        "List the customers of the segment reseller with customer_id, name, city, segment and credit_limit, as a JSON array of objects.",
      needs: found.flatMap(({ customer_id, name }) => [customer_id, name]),
      enough: "all",
      table: found.map(({ customer_id, name, city, segment, credit_limit }) => ({
        customer_id,
        name,
        city,
        segment,
        credit_limit,
      })),
    };
  },
  ({ products }, random) => {
    const { name, price } = random.pick(products);
    return { kind: "look-up by key", query: `What does the ${name} cost?`, needs: [String(price)], enough: "all" };
  },
];

export const database: Workload = {
  name: "database",
  label: {
    small: "20 products, 30 orders, 15 customers",
    medium: "120 products, 250 orders, 100 customers",
    large: "500 products, 1000 orders, 400 customers",
  },
  createCase(size, at, random) {
    const [productCount, orderCount, customerCount] = counts[size];
    const drawn = new Set<string>();
    const amounts = new Set<number>();
    const products = Array.from({ length: productCount }, () => createProduct(random, drawn, amounts));
    const customers = Array.from({ length: customerCount }, () => createCustomer(random, drawn));
    const orders = Array.from({ length: orderCount }, () => createOrder(random, products, customers, drawn, amounts));
    for (const customer of random.shuffled(customers).slice(0, 2)) customer.segment = "reseller";
    const returned = Math.max(3, Math.round((orderCount * returnedPercent) / 100));
    for (const order of random.shuffled(orders).slice(0, returned)) order.status = "returned";
    return {
      ...questions[at % questions.length]!({ products, orders, customers }, random),
      context: {
        tables: [
          { name: "products", rows: products },
          { name: "orders", rows: orders },
          { name: "customers", rows: customers },
        ],
      },
    };
  },
};
