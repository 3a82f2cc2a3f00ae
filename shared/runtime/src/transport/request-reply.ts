// Questions to the broker: one reply subscription a connection, one timer for all that wait.
//
// The client's own request makes a timer, an error with a stack and several promises for every message; a stage asks
// the broker to store a message for each it handles.
import { createInbox, type Msg, type MsgHdrs, type NatsConnection, PermissionViolationError } from "@nats-io/nats-core";
import { createSlots } from "../stage/slots.ts";
import type { Outbox } from "./outbox.ts";

export interface RequestReply {
  /**
   * @throws Error when no answer comes in time, or the connection is lost or closed before it; PermissionViolationError when the
   * user may not ask that.
   */
  ask(subject: string, body: Uint8Array, headers?: MsgHdrs): Promise<Msg>;
}

interface Waiting {
  /** Tells this question from earlier ones of its slot. */
  readonly number: number;
  readonly subject: string;
  readonly resolve: (answer: Msg) => void;
  readonly reject: (error: Error) => void;
  readonly giveUpAt: number;
}

const answerTimeoutMs = 5_000;
const sweepEveryMs = 500;
const noResponders = 503;

/** Nobody listens on the subject that was asked. */
export const hasNoResponders = (answer: Msg): boolean => answer.data.byteLength === 0 && answer.headers?.code === noResponders;

export function createRequestReply(connection: NatsConnection, outbox: Outbox, inboxPrefix: string): RequestReply {
  const inbox = createInbox(inboxPrefix);
  const prefixLength = inbox.length + 1;
  const waiting = createSlots<Waiting>();
  let asked = 0;
  let sweeper: NodeJS.Timeout | undefined;

  connection.subscribe(`${inbox}.*`, {
    callback: (error, message) => {
      if (error) return;
      const [slot, number] = message.subject.slice(prefixLength).split("-");
      if (waiting.get(Number(slot))?.number !== Number(number)) return; // answered after it was given up
      waiting.take(Number(slot))?.resolve(message);
    },
  });

  /** An answer to an earlier connection goes to nobody, and a refusal names its subject alone. */
  const failOnStatus = async (): Promise<void> => {
    for await (const status of connection.status()) {
      if (status.type === "disconnect") fail(() => true, new Error("the connection was lost before the answer"));
      else if (status.type === "error" && status.error instanceof PermissionViolationError) {
        const { operation, subject: refused } = status.error;
        if (operation === "publish") fail(({ subject }) => subject === refused, status.error);
      }
    }
  };
  const fail = (isMeant: (one: Waiting) => boolean, error: Error): void =>
    waiting.forEach((one, slot) => {
      if (!isMeant(one)) return;
      waiting.take(slot);
      one.reject(error);
    });
  void failOnStatus();

  const sweep = () => {
    const now = performance.now();
    const closed = connection.isClosed();
    waiting.forEach(({ giveUpAt, reject }, slot) => {
      if (giveUpAt > now && !closed) return;
      waiting.take(slot);
      reject(new Error(closed ? "the connection is closed" : `no answer within ${answerTimeoutMs} ms`));
    });
    if (waiting.size > 0) return;
    clearInterval(sweeper);
    sweeper = undefined;
  };

  return {
    ask: (subject, body, headers) =>
      new Promise((resolve, reject) => {
        const number = asked++;
        const slot = waiting.put({ number, subject, resolve, reject, giveUpAt: performance.now() + answerTimeoutMs });
        sweeper ??= setInterval(sweep, sweepEveryMs);
        const options = { reply: `${inbox}.${slot}-${number}`, ...(headers ? { headers } : {}) };
        outbox.publish(subject, body, options, (error) => {
          // It may have been given up meanwhile, and its slot be another's.
          if (waiting.get(slot)?.number === number) waiting.take(slot);
          reject(error);
        });
      }),
  };
}
