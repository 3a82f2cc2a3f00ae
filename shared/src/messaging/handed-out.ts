// How far a stage's durables had handed out their streams when a process of it started (M4).
import type { JetStreamManager } from "@nats-io/jetstream";
import { durableOf, type Lane, type Stage, topology } from "../contracts/topology.ts";

/** The highest stream sequence that was handed out, by lane; 0 for none. @throws Error when a durable does not exist. */
export async function handedOutSequences(manager: JetStreamManager, stage: Stage): Promise<Record<Lane, number>> {
  const highest = async (lane: Lane): Promise<number> =>
    (await manager.consumers.info(topology[stage].stream, durableOf(stage, lane))).delivered.stream_seq;
  const [interactive, batch] = await Promise.all([highest("interactive"), highest("batch")]);
  return { interactive, batch };
}
