// Transactions of requests that finish at about the same time are published together, and each waits for that.
import type { Transaction } from "@nocp/contracts/event.ts";
import { giveUpAfter } from "@nocp/contracts/retry.ts";
import { defaultTenant, eventSubject, type Stage } from "@nocp/contracts/topology.ts";
import type { Publish } from "./transport.ts";

export interface TransactionBatch {
  /** Resolves when the broker has stored it. @throws NocpError PUBLISH_FAILED; the input is then handled again. */
  add(transaction: Transaction): Promise<void>;
}

/** Short beside a lease, long enough that a busy stage has several. */
const gatherMs = 5;
const maxTransactions = 64;
/** Far below what travels by claim check: observability reads bodies only. */
const maxBytes = 128 * 1024;
const patienceMs = 30_000;

interface Waiting {
  readonly json: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A batch has no id that a redelivery would repeat: observability tells a repeated transaction by its request and the
 * time of its end, which stand in the result that stands.
 * @param newId a unique id for each batch.
 */
export function createTransactionBatch(publish: Publish, stage: Stage, newId: () => string): TransactionBatch {
  let waiting: Waiting[] = [];
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;

  const flush = async () => {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = [];
    bytes = 0;
    const body = Buffer.from(`{"v":1,"transactions":[${batch.map(({ json }) => json).join(",")}]}`);
    const subject = eventSubject(stage, "transaction");
    try {
      await publish({ subject, tenant: defaultTenant, body, messageId: newId(), whenFull: "wait" }, giveUpAfter(patienceMs));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  return {
    add: (transaction) =>
      new Promise((resolve, reject) => {
        const json = JSON.stringify(transaction);
        if (waiting.length > 0 && bytes + json.length > maxBytes) void flush();
        waiting.push({ json, resolve, reject });
        bytes += json.length;
        if (waiting.length >= maxTransactions) void flush();
        else timer ??= setTimeout(flush, gatherMs);
      }),
  };
}
