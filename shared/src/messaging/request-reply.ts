// Questions to the broker: one reply subscription a connection, one timer for all that wait.
//
// The client's own request makes a timer, an error with a stack and several promises for every message; a stage asks
// the broker to store a message for each it handles.
import { createInbox, type Msg, type MsgHdrs, type NatsConnection } from "@nats-io/nats-core";

export interface RequestReply {
  /** @throws Error when no answer comes in time or the connection is closed. */
  ask(subject: string, body: Uint8Array, headers?: MsgHdrs): Promise<Msg>;
}

interface Waiting {
  readonly resolve: (answer: Msg) => void;
  readonly reject: (error: Error) => void;
  readonly giveUpAt: number;
}

const ANSWER_TIMEOUT_MS = 5_000;
const SWEEP_EVERY_MS = 500;
const NO_RESPONDERS = 503;

/** Nobody listens on the subject that was asked. */
export const hasNoResponders = (answer: Msg): boolean => answer.data.byteLength === 0 && answer.headers?.code === NO_RESPONDERS;

export function createRequestReply(connection: NatsConnection): RequestReply {
  const inbox = createInbox();
  const prefixLength = inbox.length + 1;
  const waiting = new Map<string, Waiting>();
  let nextToken = 0;
  let sweeper: NodeJS.Timeout | undefined;

  connection.subscribe(`${inbox}.*`, {
    callback: (error, message) => {
      if (error) return;
      const token = message.subject.slice(prefixLength);
      const asked = waiting.get(token);
      waiting.delete(token);
      asked?.resolve(message);
    },
  });

  /** Entries are in the order of their time, so the first that may still wait ends the search. */
  const sweep = () => {
    const now = performance.now();
    const closed = connection.isClosed();
    for (const [token, { giveUpAt, reject }] of waiting) {
      if (giveUpAt > now && !closed) break;
      waiting.delete(token);
      reject(new Error(closed ? "the connection is closed" : `no answer within ${ANSWER_TIMEOUT_MS} ms`));
    }
    if (waiting.size > 0) return;
    clearInterval(sweeper);
    sweeper = undefined;
  };

  return {
    ask: (subject, body, headers) =>
      new Promise((resolve, reject) => {
        const token = (nextToken++).toString(36);
        waiting.set(token, { resolve, reject, giveUpAt: performance.now() + ANSWER_TIMEOUT_MS });
        sweeper ??= setInterval(sweep, SWEEP_EVERY_MS);
        try {
          connection.publish(subject, body, { reply: `${inbox}.${token}`, ...(headers ? { headers } : {}) });
        } catch (error) {
          waiting.delete(token);
          reject(error as Error);
        }
      }),
  };
}
