// Transactions of requests that finish at about the same time are published together, and each waits for that.
import { transactionOf } from "@nocp/contracts/event.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { giveUpAfter } from "@nocp/contracts/retry.ts";
import { defaultTenant, eventSubject, type Stage } from "@nocp/contracts/topology.ts";
import type { Publish } from "./transport.ts";

export interface TransactionBatch {
  /** Resolves when the broker has stored the result's transaction. @throws NocpError PUBLISH_FAILED; the input is then handled again. */
  add(result: NocpResult): Promise<void>;
}

/** Short beside a lease, long enough that a busy stage has several. */
const gatherMs = 5;
const maxTransactions = 64;
/** Far below what travels by claim check: observability reads bodies only. */
const maxBytes = 128 * 1024;
const patienceMs = 30_000;

interface Waiting {
  readonly result: NocpResult;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Batch {
  readonly waiting: Waiting[];
  readonly json: string[];
  bytes: number;
}

/**
 * A batch has no id that a redelivery would repeat: observability tells a repeated transaction by its request and the
 * time of its end, which stand in the result that stands.
 *
 * Nothing is made of a result before its batch is sent: on the direct path its caller has it by then.
 * @param newId a unique id for each batch.
 */
export function createTransactionBatch(publish: Publish, stage: Stage, newId: () => string): TransactionBatch {
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  const send = async ({ waiting: sent, json }: Batch): Promise<void> => {
    const body = Buffer.from(`{"v":1,"transactions":[${json.join(",")}]}`);
    const subject = eventSubject(stage, "transaction");
    try {
      await publish({ subject, tenant: defaultTenant, body, messageId: newId(), whenFull: "wait" }, giveUpAfter(patienceMs));
      for (const { resolve } of sent) resolve();
    } catch (error) {
      for (const { reject } of sent) reject(error);
    }
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const gathered = waiting;
    waiting = [];
    for (const batch of batchesOf(gathered)) void send(batch);
  };

  return {
    add: (result) =>
      new Promise((resolve, reject) => {
        waiting.push({ result, resolve, reject });
        if (waiting.length >= maxTransactions) flush();
        else timer ??= setTimeout(flush, gatherMs);
      }),
  };
}

/** @returns undefined for a result that cannot be written, whose input is told. */
function jsonOf({ result, reject }: Waiting): string | undefined {
  try {
    return JSON.stringify(transactionOf(result));
  } catch (error) {
    reject(error);
    return undefined;
  }
}

/** As many of them in one batch as its size allows. */
function batchesOf(gathered: readonly Waiting[]): Batch[] {
  const batches: Batch[] = [];
  for (const one of gathered) {
    const json = jsonOf(one);
    if (json === undefined) continue;
    const last = batches.at(-1);
    if (last && last.bytes + json.length <= maxBytes) {
      last.waiting.push(one);
      last.json.push(json);
      last.bytes += json.length;
    } else batches.push({ waiting: [one], json: [json], bytes: json.length });
  }
  return batches;
}
