// Stages of one process: between ingress and result nothing is stored, and nothing is lost or done twice that was not before.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type Stage, stages, topology } from "@nocp/contracts/topology.ts";
import type { Chain } from "@nocp/runtime/chain/assemble-chain.ts";
import type { Handle } from "@nocp/runtime/stage/handler.ts";
import type { Publication, Publish } from "@nocp/runtime/stage/transport.ts";
import { startTestChain, type TestHandlers } from "@nocp/runtime/testing/chain-harness.ts";
import { waitFor } from "@nocp/runtime/testing/stage-fixtures.ts";
import { openTestBroker } from "@nocp/runtime/testing/stage-harness.ts";
import type { Broker } from "@nocp/runtime/transport/broker.ts";
import { afterEach, describe, expect, test } from "vitest";
import { plainHandlers, toolsRequested } from "../fixtures/chain-handlers.ts";
import { useTestQueue } from "../fixtures/test-queue.ts";

const queue = useTestQueue({ gracePeriodMs: 200 });
const chains: Chain[] = [];

afterEach(async () => {
  for (const chain of chains.splice(0)) await chain.stop();
});

async function start(handlers: Partial<TestHandlers>, on: Broker = queue.broker): Promise<Chain> {
  const chain = await startTestChain(on, { ...plainHandlers, ...handlers });
  chains.push(chain);
  return chain;
}

/** Messages that each stage's stream has ever held. */
const storedEver = async () =>
  Object.fromEntries(
    await Promise.all(
      stages.map(async (stage) => [stage, (await queue.broker.manager.streams.info(topology[stage].stream)).state.last_seq]),
    ),
  ) as Record<Stage, number>;

/** A handler that waits where the test says, and what it has seen. */
function gated<S extends Stage>(of: Handle<S>) {
  const { promise: open, resolve } = Promise.withResolvers<void>();
  const seen: { readonly attempt: number; readonly lostStarts: number; readonly mayBeRepeated: boolean }[] = [];
  const handle: Handle<S> = async (message, context) => {
    const { attempt, lostStarts, mayBeRepeated } = context;
    seen.push({ attempt, lostStarts, mayBeRepeated });
    await open;
    return of(message, context);
  };
  return { handle, seen, open: resolve };
}

describe("a request that passes all stages in one process", () => {
  test("is stored on its way in and as a result, and acknowledged in between by nobody", async () => {
    const last = gated(plainHandlers.articulate);
    await start({ articulate: last.handle });
    const answer = queue.client.ask({ query: "hello" });
    await waitFor(() => last.seen.length === 1, "the last stage");
    expect(await queue.messagesIn("NOCP_ACT")).toBe(1);
    last.open();
    expect((await answer).error?.message).toBe("hello");
    await waitFor(async () => (await queue.messagesIn("NOCP_ACT")) === 0, "the acknowledgement");
    expect(await storedEver()).toEqual({ act: 1, assess: 0, "llm-router": 0, articulate: 0 });
    expect((await queue.client.result((await answer).requestId)).journey.map(({ stage }) => stage)).toEqual(stages.slice(0, 3));
  });

  test("goes back to a stage that it has passed, though no slot is free where it came in", async () => {
    const own = await openTestBroker(queue.server.url, { concurrency: 1 });
    let rounds = 0;
    const chain = await start(
      {
        "llm-router": async (message, context) => {
          if (message.body.step > 2) return plainHandlers["llm-router"](message, context);
          rounds += 1;
          const { request, step } = message.body;
          return [{ fact: "tools.requested", body: { ...toolsRequested, request, step: step + 1 } }];
        },
      },
      own,
    );
    const results = await Promise.all(["a", "b", "c"].map((query) => queue.client.ask({ query })));
    expect(results.map(({ error }) => error?.message)).toEqual(["a", "b", "c"]);
    expect(rounds).toBe(9);
    await chain.stop();
    await own.close();
  });

  test("has texts without halves of characters, as if it had been stored", async () => {
    await start({
      "llm-router": async (message, context) => {
        const [emission] = await plainHandlers["llm-router"](message, context);
        if (emission?.fact !== "completion.received") throw new Error("there is another emission");
        const { completion } = emission.body;
        return [{ ...emission, body: { ...emission.body, completion: { ...completion, text: "half \ud83d" } } }];
      },
      articulate: async (message, context) => {
        const [emission] = await plainHandlers.articulate(message, context);
        if (emission === undefined) throw new Error("there is no emission");
        const error = { code: "UNEXPECTED", message: message.body.completion.text };
        return [{ ...emission, body: { ...emission.body, error } }];
      },
    });
    expect((await queue.client.ask({ query: "hello" })).error?.message).toBe("half \ufffd");
  });
});

describe("a failure in one of the stages", () => {
  test("is tried again there, and no stage before it is", async () => {
    const starts: string[] = [];
    await start({
      act: async (message, context) => {
        starts.push(`act ${context.attempt}`);
        return plainHandlers.act(message, context);
      },
      articulate: async (message, context) => {
        starts.push(`articulate ${context.attempt}`);
        if (context.attempt < 3) throw new Error("not yet");
        return plainHandlers.articulate(message, context);
      },
    });
    expect((await queue.client.ask({ query: "hello" })).error?.message).toBe("hello");
    expect(starts).toEqual(["act 1", "articulate 1", "articulate 2", "articulate 3"]);
  });

  test("for good leaves a dead letter of that stage, which can be sent again", async () => {
    let fails = true;
    await start({
      "llm-router": async (message, context) => {
        if (fails) throw new NocpError("INVALID_MESSAGE", "not now");
        return plainHandlers["llm-router"](message, context);
      },
    });
    const { requestId, error } = await queue.client.ask({ query: "hello" });
    expect(error).toMatchObject({ code: "INVALID_MESSAGE", stage: "llm-router" });
    await waitFor(async () => (await queue.messagesIn("NOCP_ACT")) === 0, "the acknowledgement");
    const [letter] = await queue.client.deadLetters.list(10);
    expect(letter?.letter).toMatchObject({ stage: "llm-router", requestId });
    fails = false;
    await queue.client.deadLetters.redrive(requestId, 60_000);
    await waitFor(async () => (await storedEver())["llm-router"] === 1, "the letter on its way");
    await waitFor(async () => (await queue.messagesIn("NOCP_LLM_ROUTER")) === 0, "its end");
  });

  test("leaves what waits in the queue of a stage to be taken up: of a deployment that ran one process a stage", async () => {
    const act = await queue.start("act", plainHandlers.act);
    const { requestId } = await queue.client.submit({ query: "hello" });
    await waitFor(async () => (await queue.messagesIn("NOCP_ASSESS")) === 1, "the emission");
    await act.stop();
    await start({});
    await waitFor(async () => (await queue.messagesIn("NOCP_RESULTS")) === 1, "the result");
    expect((await queue.client.result(requestId)).error?.message).toBe("hello");
  });
});

describe("a process that ends", () => {
  test("gives back what it could not finish, uncounted, when it is asked to stop", async () => {
    const first = gated(plainHandlers["llm-router"]);
    const chain = await start({ "llm-router": first.handle });
    const answer = queue.client.ask({ query: "hello" });
    await waitFor(() => first.seen.length === 1, "the model's stage");
    await chain.stop();
    const second = gated(plainHandlers["llm-router"]);
    second.open();
    await start({ "llm-router": second.handle });
    expect((await answer).error?.message).toBe("hello");
    expect(second.seen).toEqual([{ attempt: 1, lostStarts: 0, mayBeRepeated: true }]);
  });

  test("finishes within the grace period what it can", async () => {
    const own = await openTestBroker(queue.server.url, { gracePeriodMs: 60_000 });
    const model = gated(plainHandlers["llm-router"]);
    const chain = await start({ "llm-router": model.handle }, own);
    const answer = queue.client.ask({ query: "hello" });
    await waitFor(() => model.seen.length === 1, "the model's stage");
    const stopped = chain.stop();
    model.open();
    await stopped;
    expect((await answer).error?.message).toBe("hello");
    expect(await queue.messagesIn("NOCP_ACT")).toBe(0);
    await own.close();
  });

  test("without a word is told to every stage that may have started: its start counts, and may have cost", async () => {
    const own = await openTestBroker(queue.server.url);
    const first = gated(plainHandlers["llm-router"]);
    await start({ "llm-router": first.handle }, own);
    const answer = queue.client.ask({ query: "hello" });
    await waitFor(() => first.seen.length === 1, "the model's stage");
    await own.connection.close();
    const second = gated(plainHandlers["llm-router"]);
    second.open();
    await start({ "llm-router": second.handle });
    expect((await answer).error?.message).toBe("hello");
    expect(second.seen).toEqual([{ attempt: 2, lostStarts: 1, mayBeRepeated: true }]);
    first.open();
  });

  test("time and again with the same request in a late stage leaves a dead letter", async () => {
    const answer = queue.client.ask({ query: "hello" });
    for (const number of [1, 2]) {
      const own = await openTestBroker(queue.server.url, { maxAttempts: 2 });
      const deadly = gated(plainHandlers.articulate);
      await start({ articulate: deadly.handle }, own);
      await waitFor(() => deadly.seen.length === 1, `start ${number}`);
      await own.connection.close();
      deadly.open();
    }
    const own = await openTestBroker(queue.server.url, { maxAttempts: 2 });
    const chain = await start({}, own);
    expect((await answer).error).toMatchObject({ code: "ATTEMPTS_EXHAUSTED" });
    expect(await queue.messagesIn("NOCP_DLQ")).toBe(1);
    await chain.stop();
    await own.close();
  });

  test("between a result and its transaction leaves that to the next, which starts no stage for it", async () => {
    const own = await openTestBroker(queue.server.url);
    const { publish } = own.publisher;
    const stalled = Promise.withResolvers<never>();
    // The connection may be closed before the transaction is to be published: nobody waits for it then.
    stalled.promise.catch(() => undefined);
    const isTransaction = ({ subject }: Publication): boolean => subject.endsWith(".transaction");
    const publishNoTransaction: Publish = (publication, until) =>
      isTransaction(publication) ? stalled.promise : publish(publication, until);
    await start({}, { ...own, publisher: { ...own.publisher, publish: publishNoTransaction } });
    await queue.client.ask({ query: "hello" });
    await own.connection.close();
    stalled.reject(new Error("the connection is closed"));
    const second = gated(plainHandlers.act);
    await start({ act: second.handle });
    const transactions = async () => {
      const { state } = await queue.broker.manager.streams.info("NOCP_EVENTS", { subjects_filter: "*.*.event.*.transaction" });
      return Object.keys(state.subjects ?? {});
    };
    await waitFor(async () => (await transactions()).length === 1, "the transaction");
    await waitFor(async () => (await queue.messagesIn("NOCP_ACT")) === 0, "the acknowledgement");
    expect(second.seen).toEqual([]);
    second.open();
  });

  test("keeps first what was paid for and has not become a result", async () => {
    let kept = 0;
    const last = gated(plainHandlers.articulate);
    const chain = await start({
      "llm-router": async (message, context) =>
        (await plainHandlers["llm-router"](message, context)).map((emission) => ({
          ...emission,
          onDelay: async () => void kept++,
        })),
      articulate: last.handle,
    });
    await queue.client.submit({ query: "hello" });
    await waitFor(() => last.seen.length === 1, "the last stage");
    await chain.stop();
    expect(kept).toBe(1);
    last.open();
  });
});

test("a request that is cancelled ends in the stage that works on it", async () => {
  const model = gated(plainHandlers["llm-router"]);
  await start({ "llm-router": model.handle });
  const { requestId } = await queue.client.submit({ query: "hello" });
  await waitFor(() => model.seen.length === 1, "the model's stage");
  const result = await queue.client.cancel(requestId);
  expect(result.error).toMatchObject({ code: "CANCELLED", stage: "llm-router" });
  model.open();
});
