// Two answers of a payment service's API, users and transactions, in the envelopes such services send.

import { type Random, unique } from "./random.ts";
import { amount, cities, type Person, person, timestamp } from "./vocabulary.ts";
import type { Question, Workload } from "./workload.ts";

const counts = { small: [5, 10], medium: [20, 50], large: [100, 200] } as const;

export interface User extends Person {
  readonly id: string;
}

export function createUser(random: Random, drawn: Set<string>) {
  const { name, email } = person(random, drawn);
  const id = `usr_${unique(drawn, () => random.hex(14))}`;
  return {
    id,
    object: "user",
    name,
    email,
    phone: `+${random.integer(30, 49)} ${random.digits(3)} ${unique(drawn, () => random.digits(7))}`,
    plan: random.pick(["free", "starter", "team", "enterprise"]),
    status: random.pick(["active", "active", "active", "suspended"]),
    created_at: timestamp(random),
    last_login_at: timestamp(random),
    address: {
      line1: `${random.integer(1, 240)} ${random.pick(["Mill Road", "Station Street", "Quay", "Park Lane", "Old Market"])}`,
      line2: null,
      city: random.pick(cities),
      postal_code: random.digits(5),
      country: random.pick(["DE", "DK", "FR", "ES", "PT", "NL"]),
    },
    preferences: { newsletter: random.pick([true, false]), locale: random.pick(["en-GB", "de-DE", "fr-FR"]), two_factor: true },
    avatar_url: `https://cdn.example.com/avatars/${random.hex(24)}.png`,
    url: `https://api.example.com/v1/users/${id}`,
  };
}

export function createTransaction(random: Random, users: readonly User[], ids: Set<string>, amounts: Set<number>) {
  const id = `txn_${unique(ids, () => random.hex(16))}`;
  const user = random.pick(users);
  return {
    id,
    object: "transaction",
    user_id: user.id,
    amount: amount(random, amounts, 3, 4800),
    currency: "EUR",
    status: random.pick(["settled", "settled", "settled", "settled", "settled", "pending", "declined", "refunded"]),
    type: random.pick(["purchase", "purchase", "subscription", "transfer"]),
    merchant: {
      name: random.pick(["Nordwind Books", "Café Lumen", "Atlas Rail", "Greenleaf Grocery", "Tinker Tools", "Harbour Hotel"]),
      category: random.pick(["retail", "food", "travel", "services"]),
      mcc: random.digits(4),
    },
    payment_method: { type: "card", brand: random.pick(["visa", "mastercard", "amex"]), last4: random.digits(4) },
    description: random.pick(["Order at the counter", "Monthly subscription", "Online order", "Transfer between accounts"]),
    created_at: timestamp(random),
    risk: { score: random.integer(1, 99), reviewed: random.pick([true, false]), rule_hits: [] as string[] },
    metadata: { ip: `10.${random.integer(0, 255)}.${random.integer(0, 255)}.7`, idempotency_key: random.hex(32), session: null },
    receipt_url: `https://pay.example.com/receipts/${random.hex(28)}`,
    url: `https://api.example.com/v1/transactions/${id}`,
  };
}

type ApiUser = ReturnType<typeof createUser>;
type ApiTransaction = ReturnType<typeof createTransaction>;
type Asks = (users: readonly ApiUser[], transactions: readonly ApiTransaction[], random: Random) => Question;

const listing = (transactions: readonly ApiTransaction[]) =>
  transactions.map(({ id, user_id, amount: sum, status, created_at }) => ({ id, user_id, amount: sum, status, created_at }));

const questions: readonly Asks[] = [
  (users, _transactions, random) => {
    const { name, email } = random.pick(users);
    return { kind: "look-up by key", query: `What is the email address of ${name}?`, needs: [email], enough: "all" };
  },
  (_users, transactions, random) => {
    const status = random.pick(["declined", "refunded", "pending"].filter((one) => transactions.some((t) => t.status === one)));
    const found = transactions.filter((transaction) => transaction.status === status);
    return {
      kind: "filter, as a table",
      query: `List every ${status} transaction with id, user_id, amount, status and created_at, as a JSON array of objects.`,
      needs: found.flatMap(({ id, amount: sum }) => [id, String(sum)]),
      enough: "all",
      table: listing(found),
    };
  },
  (_users, transactions) => {
    const highest = transactions.reduce((most, one) => (one.amount > most.amount ? one : most));
    return {
      kind: "extreme",
      query: "Which transaction has the highest amount, and how much is it?",
      needs: [highest.id, String(highest.amount)],
      enough: "all",
    };
  },
  (users, transactions, random) => {
    const payer = random.pick(users.filter(({ id }) => transactions.some((transaction) => transaction.user_id === id)));
    const own = transactions.filter(({ user_id }) => user_id === payer.id);
    return {
      kind: "aggregate over a filter",
      query: `What do the transactions of user ${payer.id} add up to?`,
      needs: own.map(({ amount: sum }) => String(sum)),
      enough: "all",
    };
  },
  (users, transactions, random) => {
    const { id, user_id } = random.pick(transactions);
    const payer = users.find((user) => user.id === user_id)!;
    return {
      kind: "join",
      query: `What is the email address of the user who made transaction ${id}?`,
      needs: [payer.email],
      enough: "all",
    };
  },
  (users, _transactions, random) => {
    const { plan } = random.pick(users);
    const found = users.filter((user) => user.plan === plan);
    return {
      kind: "filter, as a table",
      query: `List the users on the ${plan} plan with name, email, plan and status, as a JSON array of objects.`,
      needs: found.flatMap(({ name, email }) => [name, email]),
      enough: "all",
      table: found.map(({ name, email, status }) => ({ name, email, plan, status })),
    };
  },
  (_users, transactions, random) => {
    const { id, amount: sum } = random.pick(transactions);
    return { kind: "look-up by key", query: `How much was transaction ${id}?`, needs: [String(sum)], enough: "all" };
  },
];

export const apiCalls: Workload = {
  name: "api-calls",
  label: {
    small: "5 users, 10 transactions",
    medium: "20 users, 50 transactions",
    large: "100 users, 200 transactions",
  },
  createCase(size, at, random) {
    const [userCount, transactionCount] = counts[size];
    const drawn = new Set<string>();
    const amounts = new Set<number>();
    const users = Array.from({ length: userCount }, () => createUser(random, drawn));
    const transactions = Array.from({ length: transactionCount }, () => createTransaction(random, users, drawn, amounts));
    // Every status occurs, whatever the dice say: the filter always has something to find.
    ["declined", "refunded", "pending"].forEach((status, index) => {
      transactions[index]!.status = status;
    });
    const envelope = (records: readonly object[]) => ({
      object: "list",
      total_count: records.length,
      has_more: false,
      data: records,
    });
    return {
      ...questions[at % questions.length]!(users, random.shuffled(transactions), random),
      context: {
        files: [
          { name: "users", value: envelope(users) },
          { name: "transactions", value: envelope(random.shuffled(transactions)) },
        ],
      },
    };
  },
};
