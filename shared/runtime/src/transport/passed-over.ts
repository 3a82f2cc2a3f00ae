// Consumers that stand beyond messages nobody was given. nats-server 2.9 forgets where an empty stream was when a write to it
// fails, e.g. on a full disk: after the next start it counts from 1 again, and the consumer takes all up to its own place for
// done. Messages that were settled may come back with that; a request that has its result ends without being handled again.
import type { ConsumerInfo, JetStreamManager, MsgRequest, StreamInfo } from "@nats-io/jetstream";
import { pause } from "@nocp/contracts/retry.ts";
import { infoOrNothing } from "./stored-info.ts";

export interface ConsumerPlace {
  readonly consumer: ConsumerInfo;
  /** Read after the consumer: it cannot have been given what the stream did not have yet. */
  readonly stream: StreamInfo;
}

export interface PassedOver {
  /** `<stream>/<durable>` */
  readonly name: string;
  readonly reason: string;
}

/** An acknowledgement moves the consumer before it deletes the message, and in a cluster servers follow each other. */
const settleMs = 1_000;

interface Finding {
  /** Of the first message that is passed over; 0 when the stream ends before the consumer's place. */
  readonly sequence: number;
  readonly reason: string;
}

/** @param mayRead whether the user may read messages of this stream; only counts are compared where it may not. */
export async function findPassedOver(
  manager: JetStreamManager,
  places: readonly ConsumerPlace[],
  mayRead: (stream: string) => boolean,
): Promise<PassedOver[]> {
  const look = (place: ConsumerPlace) => passedOverBy(manager, place, mayRead(place.consumer.stream_name));
  const found = await Promise.all(places.map(async (place) => ({ place, finding: await look(place) })));
  const suspects = found.filter(({ finding }) => finding !== undefined);
  if (suspects.length === 0) return [];
  await pause(settleMs);
  const confirmed = await Promise.all(
    suspects.map(async ({ place, finding }): Promise<PassedOver[]> => {
      const { stream_name: stream, name } = place.consumer;
      const later = await placeOf(manager, stream, name);
      const again = later && (await look(later));
      return again && again.sequence === finding?.sequence ? [{ name: `${stream}/${name}`, reason: again.reason }] : [];
    }),
  );
  return confirmed.flat();
}

async function placeOf(manager: JetStreamManager, streamName: string, durable: string): Promise<ConsumerPlace | undefined> {
  const consumer = await infoOrNothing(() => manager.consumers.info(streamName, durable));
  const stream = await infoOrNothing(() => manager.streams.info(streamName));
  return consumer && stream && { consumer, stream };
}

async function passedOverBy(
  manager: JetStreamManager,
  { consumer, stream }: ConsumerPlace,
  mayRead: boolean,
): Promise<Finding | undefined> {
  const { state, config } = stream;
  const { delivered, ack_floor: floor, config: wanted } = consumer;
  if (delivered.stream_seq > state.last_seq)
    return { sequence: 0, reason: `stands at ${delivered.stream_seq} in a stream that ends at ${state.last_seq}` };
  // Elsewhere messages stay when they are done.
  if (config.retention !== "workqueue" || !mayRead || state.messages === 0 || state.first_seq > floor.stream_seq)
    return undefined;
  // The client's type lacks the second field, which every server since 2.9 knows.
  const ofConsumer = { seq: 1, next_by_subj: wanted.filter_subject ?? ">" } as MsgRequest;
  const first = await manager.streams.getMessage(config.name, ofConsumer).catch(() => null);
  if (first === null || first.seq > floor.stream_seq) return undefined;
  return { sequence: first.seq, reason: `stands beyond message ${first.seq}, which waits` };
}
