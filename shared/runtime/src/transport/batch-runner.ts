// Runs observability's consumer: events in batches, acknowledged together after the batch is written.
import { eventsDurable, eventsStream } from "@nocp/contracts/topology.ts";
import type { Logger } from "pino";
import type { HandleBatch, ReceivedEvent } from "../stores/event-batch.ts";
import type { BrokerMessage, SettlingResources } from "./broker-message.ts";
import { createPullSubscription } from "./pull-subscription.ts";

export interface BatchRunnerOptions {
  readonly broker: SettlingResources;
  readonly handleBatch: HandleBatch;
  readonly maxBatch: number;
  /** Longest time the first event of a batch waits for others. */
  readonly maxWaitMs: number;
  readonly logger: Logger;
}

export interface BatchRunner {
  readonly running: boolean;
  stop(): Promise<void>;
}

const retryDelayMs = 1_000;
/** Room for batches that gather while one is written. */
const batchesAhead = 4;

export function startBatchRunner(options: BatchRunnerOptions): BatchRunner {
  const { maxBatch, logger } = options;
  const gathered: BrokerMessage[] = [];
  let writing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running = true;
  let held = 0;

  const write = async (batch: readonly BrokerMessage[]): Promise<void> => {
    try {
      await options.handleBatch(batch.map(receivedEvent));
      for (const message of batch) message.ack();
    } catch (error) {
      logger.error(
        { error: (error as Error).name, events: batch.length },
        "a batch of events could not be written; it is tried again",
      );
      for (const message of batch) message.giveBack(retryDelayMs);
    }
    held -= batch.length;
  };

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (writing || gathered.length === 0) return;
    const batch = gathered.splice(0, maxBatch);
    writing = write(batch).finally(() => {
      writing = undefined;
      subscription.refill();
      if (gathered.length >= maxBatch || !running) flush();
      else if (gathered.length > 0) timer ??= setTimeout(flush, options.maxWaitMs);
    });
  };

  const subscription = createPullSubscription(options.broker, {
    stream: eventsStream,
    durable: eventsDurable,
    room: () => maxBatch * batchesAhead - held,
    onMessage: (message) => {
      gathered.push(message);
      held += 1;
      if (gathered.length >= maxBatch) flush();
      else timer ??= setTimeout(flush, options.maxWaitMs);
    },
    onProblem: (description) => logger.warn({ durable: eventsDurable, description }, "the broker refused a pull"),
  });

  return {
    get running() {
      return running;
    },
    async stop() {
      running = false;
      subscription.stop();
      while (writing || gathered.length > 0) {
        flush();
        await writing;
      }
      subscription.close();
    },
  };
}

/** `nocp.v2.event.<service>.<kind>`, as the stream's subjects promise. */
function receivedEvent(message: BrokerMessage): ReceivedEvent {
  const [service = "", kind = ""] = message.subject.split(".").slice(3);
  return { service, kind, body: parsed(message.payload), sequence: message.streamSequence };
}

const textDecoder = new TextDecoder();

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(textDecoder.decode(body));
  } catch {
    return undefined;
  }
}
