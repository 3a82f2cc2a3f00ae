// What the HTTP API serves to operators, and of the same to callers.
import { z } from "zod";
import { benchmarkAnswerSchema, benchmarkBodySchema } from "../operators/benchmark.ts";
import { budgetBodySchema, budgetListSchema, budgetObjectSchema } from "../operators/budget-routes.ts";
import {
  deadLetterListSchema,
  deadLetterQuerySchema,
  redriveBodySchema,
  settledLetterSchema,
  wholeDeadLetterSchema,
} from "../operators/dead-letter-routes.ts";
import { healthSchema, modelStateListSchema, tenantListSchema } from "../operators/deployment-routes.ts";
import { issuedKeySchema, keyBodySchema, keyListSchema, rotateBodySchema } from "../operators/key-routes.ts";
import {
  totalsAnswerSchema,
  totalsQuerySchema,
  transactionListSchema,
  transactionQuerySchema,
} from "../operators/transaction-routes.ts";
import type { Operation } from "./operation.ts";

const tag = "Operators";
const keys = "/nocp/v1/keys";
const budgets = "/nocp/v1/budgets";
const letters = "/nocp/v1/dead-letters";
const deleted = z.object({ id: z.string(), deleted: z.literal(true) });

const forOperators: readonly Operation[] = [
  {
    ...{ method: "get", path: letters, tag, summary: "Messages that could not be handled, the newest first" },
    ...{ query: deadLetterQuerySchema.shape, answer: deadLetterListSchema },
  },
  { method: "get", path: `${letters}/{id}`, tag, summary: "One of them, with its message", answer: wholeDeadLetterSchema },
  {
    ...{ method: "post", path: `${letters}/{id}/redrive`, tag, summary: "Sends its message again, with a new deadline" },
    ...{ body: redriveBodySchema, answer: settledLetterSchema },
  },
  { method: "delete", path: `${letters}/{id}`, tag, summary: "Deletes it", answer: settledLetterSchema },
  { method: "get", path: budgets, tag, summary: "Budgets, and what is spent of them", answer: budgetListSchema },
  { method: "get", path: `${budgets}/{id}`, tag, summary: "One of them", answer: budgetObjectSchema },
  {
    ...{ method: "put", path: `${budgets}/{id}`, tag, summary: "Sets a budget; what is spent stays spent" },
    ...{ body: budgetBodySchema, answer: budgetObjectSchema, example: { limit: "5usd/day", scope: { tenant: "*" } } },
  },
  { method: "delete", path: `${budgets}/{id}`, tag, summary: "Deletes it", answer: deleted },
  { method: "get", path: keys, tag, summary: "Keys of this API", answer: keyListSchema },
  {
    ...{ method: "post", path: keys, tag, summary: "Makes a key; the answer alone holds it", status: 201 },
    ...{ body: keyBodySchema, answer: issuedKeySchema, example: { name: "laptop", budgets: ["5usd/day"] } },
  },
  {
    ...{ method: "post", path: `${keys}/{id}/rotate`, tag, summary: "Replaces it by a new one with the same rights" },
    ...{ body: rotateBodySchema, answer: issuedKeySchema },
  },
  { method: "delete", path: `${keys}/{id}`, tag, summary: "Deletes it at once", answer: deleted },
  { method: "get", path: "/nocp/v1/tenants", tag, summary: "Tenants that have keys or accounts", answer: tenantListSchema },
  {
    ...{ method: "get", path: "/nocp/v1/providers/states", tag, summary: "Breakers and quotas of models" },
    answer: modelStateListSchema,
  },
  { method: "get", path: "/nocp/v1/health", tag, summary: "What waits for each service, and who works", answer: healthSchema },
  {
    ...{ method: "post", path: "/nocp/v1/benchmark", tag, summary: "Times requests that ask no vendor" },
    ...{ body: benchmarkBodySchema, answer: benchmarkAnswerSchema, example: { requests: 50, concurrency: 4 } },
  },
];

export const operatorOperations: readonly Operation[] = [
  {
    ...{ method: "get", path: "/nocp/v1/transactions", tag: "Accounting", summary: "Finished requests, the newest first" },
    ...{ query: transactionQuerySchema.shape, answer: transactionListSchema },
  },
  {
    ...{
      method: "get",
      path: "/nocp/v1/totals",
      tag: "Accounting",
      summary: "What they cost, in all or by day, model or tenant",
    },
    ...{ query: totalsQuerySchema.shape, answer: totalsAnswerSchema },
  },
  ...forOperators.map((operation) => ({ ...operation, isForOperators: true as const })),
];
