import { expect, test } from "vitest";
import { createOutbox } from "./outbox.ts";

function recorded() {
  const published: string[] = [];
  const connection = {
    publish(subject: string) {
      if (subject === "too.large") throw new Error("max_payload size exceeded");
      published.push(subject);
    },
  };
  return { published, outbox: createOutbox(connection) };
}

const turnOver = () => new Promise((resolve) => setImmediate(resolve));

test("what is published in one turn goes out together at its end, in order", async () => {
  const { published, outbox } = recorded();
  outbox.publish("first", "");
  await Promise.resolve();
  // The end of a microtask is where the client would have written the first.
  await Promise.resolve();
  outbox.publish("second", "");
  expect(published).toEqual([]);
  await turnOver();
  expect(published).toEqual(["first", "second"]);
});

test("what cannot be published is told to whoever asked for it, and holds up no other", async () => {
  const { published, outbox } = recorded();
  const errors: string[] = [];
  outbox.publish("too.large", "", undefined, ({ message }) => errors.push(message));
  outbox.publish("next", "");
  await turnOver();
  expect(errors).toEqual(["max_payload size exceeded"]);
  expect(published).toEqual(["next"]);
});

test("nothing is left behind before the connection is drained, and nothing goes out twice", async () => {
  const { published, outbox } = recorded();
  outbox.publish("acknowledgement", "");
  outbox.flush();
  expect(published).toEqual(["acknowledgement"]);
  await turnOver();
  expect(published).toEqual(["acknowledgement"]);
});

test("what is published after an early flush still goes out", async () => {
  const { published, outbox } = recorded();
  outbox.publish("first", "");
  outbox.flush();
  outbox.publish("second", "");
  await turnOver();
  expect(published).toEqual(["first", "second"]);
});

test("work for the end of the turn is done once, and what it publishes goes out with the rest", async () => {
  const { published, outbox } = recorded();
  const pull = () => outbox.publish("pull", "");
  outbox.atTurnEnd(pull);
  outbox.publish("acknowledgement", "");
  outbox.atTurnEnd(pull);
  await turnOver();
  expect(published).toEqual(["acknowledgement", "pull"]);
  outbox.atTurnEnd(pull);
  await turnOver();
  expect(published).toEqual(["acknowledgement", "pull", "pull"]);
});

test("work that fails holds up nothing that waits", () => {
  const { published, outbox } = recorded();
  outbox.publish("acknowledgement", "");
  outbox.atTurnEnd(() => {
    throw new Error("no room");
  });
  expect(() => outbox.flush()).toThrow("no room");
  expect(published).toEqual(["acknowledgement"]);
});
