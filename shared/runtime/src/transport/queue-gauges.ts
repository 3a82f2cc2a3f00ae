// How much waits in the streams, and for how long: read from the broker when somebody reads the metrics, so that it is known
// also of a stage that does not run.
import { deadLetterStream, stages, topologyOf } from "@nocp/contracts/topology.ts";
import { Gauge, type Registry } from "prom-client";

/** What the broker says of a stream. */
export interface StreamState {
  readonly messages: number;
  /** ISO 8601; the year 1 in an empty stream. */
  readonly first_ts: string;
}

/**
 * Where the broker does not answer, the series are missing: a number that is not known is not shown.
 * @param stateOf of the stream of this name. @param now milliseconds since the epoch.
 */
export function defineQueueGauges(
  registry: Registry,
  stateOf: (stream: string) => Promise<StreamState>,
  now: () => number,
): void {
  let running: Promise<void> | undefined;
  /** All three are collected together: one look at the broker does for them. */
  const collect = () => {
    running ??= read().finally(() => {
      running = undefined;
    });
    return running;
  };
  const registers = [registry];
  const messages = new Gauge({
    name: "nocp_queue_messages",
    help: "Messages in a stage's queue, those being handled among them. Unit: messages.",
    labelNames: ["stage"],
    registers,
    collect,
  });
  const oldest = new Gauge({
    name: "nocp_queue_oldest_message_age_seconds",
    help: "Age of the oldest message in a stage's queue, handled now or not; 0 when it is empty. Unit: seconds.",
    labelNames: ["stage"],
    registers,
    collect,
  });
  const deadLetters = new Gauge({
    name: "nocp_dead_letters_waiting",
    help: "Dead letters that are kept, to be redriven or to expire. Unit: messages.",
    registers,
    collect,
  });

  async function read(): Promise<void> {
    messages.reset();
    oldest.reset();
    deadLetters.remove({});
    await Promise.allSettled([
      ...stages.map(async (stage) => {
        const state = await stateOf(topologyOf(stage).stream);
        messages.set({ stage }, state.messages);
        oldest.set({ stage }, state.messages === 0 ? 0 : Math.max(0, (now() - Date.parse(state.first_ts)) / 1000));
      }),
      stateOf(deadLetterStream).then((state) => deadLetters.set(state.messages)),
    ]);
  }
}
