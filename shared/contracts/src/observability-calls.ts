// What other services may ask of observability: the question and the answer of each call.
import { z } from "zod";
import { stages } from "./topology.ts";
import {
  transactionPageQuestionSchema,
  transactionPageSchema,
  transactionTotalsAnswerSchema,
  transactionTotalsQuestionSchema,
} from "./transaction-report.ts";

/** A dead letter that was dealt with, and is gone. */
const settledLetterSchema = z.object({
  sequence: z.int(),
  requestId: z.string(),
  tenant: z.string(),
  stage: z.enum(stages),
});

export const observabilityCalls = {
  transactions: { question: transactionPageQuestionSchema, answer: transactionPageSchema },
  totals: { question: transactionTotalsQuestionSchema, answer: transactionTotalsAnswerSchema },
  redrive: { question: z.object({ id: z.string(), timeoutMs: z.int().positive() }), answer: settledLetterSchema },
  drop: { question: z.object({ id: z.string() }), answer: settledLetterSchema },
} as const;
export type ObservabilityCalls = typeof observabilityCalls;

export type Question<Name extends keyof ObservabilityCalls> = z.infer<ObservabilityCalls[Name]["question"]>;
export type Answer<Name extends keyof ObservabilityCalls> = z.infer<ObservabilityCalls[Name]["answer"]>;
