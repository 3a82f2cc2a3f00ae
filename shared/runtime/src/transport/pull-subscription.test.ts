import { expect, test } from "vitest";
import { createOutbox } from "./outbox.ts";
import { createPullSubscription } from "./pull-subscription.ts";

/** A connection that notes what is asked of the broker, and never has a message. */
function recorded(room: () => number) {
  const pulls: number[] = [];
  const connection = {
    isClosed: () => false,
    publish: (subject: string, body: string) => {
      if (subject === "$JS.API.CONSUMER.MSG.NEXT.NOCP_ACT.act-interactive") pulls.push(JSON.parse(body).batch);
    },
    subscribe: (_subject: string, { callback }: { callback: typeof deliver }) => {
      deliver = callback;
      return { unsubscribe() {} };
    },
    status: async function* () {},
  };
  let deliver: (error: null, message: object) => void = () => {};
  const resources = { connection, outbox: createOutbox(connection), inboxPrefix: "_INBOX" };
  const options = { stream: "NOCP_ACT", durable: "act-interactive", room, onMessage() {}, onProblem() {} };
  const source = createPullSubscription(resources as never, options);
  const reply = "$JS.ACK.NOCP_ACT.act-interactive.1.41.57.1700000000000000000.3";
  return { pulls, source, receive: () => deliver(null, { subject: "s", reply, data: new Uint8Array() }) };
}

const turnOver = () => new Promise((resolve) => setImmediate(resolve));

test("a busy stage asks once for all messages that end in the same turn", async () => {
  let running = 0;
  const { pulls, source, receive } = recorded(() => 8 - running);
  await turnOver();
  expect(pulls).toEqual([8]);
  for (; running < 8; running++) receive();
  for (; running > 5; running--) source.refill();
  await turnOver();
  expect(pulls).toEqual([8, 3]);
  source.close();
});

test("nothing is asked for after the end", async () => {
  const { pulls, source } = recorded(() => 8);
  source.stop();
  source.refill();
  await turnOver();
  expect(pulls).toEqual([]);
  source.close();
});
