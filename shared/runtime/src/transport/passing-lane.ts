// Messages pass those that wait before them: copied to the passing lane, whose durable hands them out beside the line's.
//
// The original stays where it is until somebody is handed the copy and deletes it (`claim`). So a stage that dies after copying
// has moved nothing, one that dies after deleting is redelivered its copy, and a copy that nobody reads, as after a step back to
// an older release, is no loss. Who finds that the original was handed out leaves it to those who have it.
//
// The broker cannot delete a message on the condition that it was not handed out. `margin` keeps away from where the line is
// handed out: more than a replica takes at once would have to be handed out between the look and the deletion. `claim` looks
// again after deleting: a copy whose original may have been handed out after all waits, and says as each copy does that it may
// be a repeat (M7).
import { JetStreamApiError, type StoredMsg } from "@nats-io/jetstream";
import { giveUpAfter } from "@nocp/contracts/retry.ts";
import {
  durableFilter,
  durableOf,
  factSubject,
  parseFactSubject,
  type Stage,
  topology,
  waitingSubjects,
} from "@nocp/contracts/topology.ts";
import type { Passing } from "../stage/transport.ts";
import type { Broker } from "./broker.ts";
import { copyOf } from "./passing-copy.ts";

/** Well below the duplicate window: a copy that was made of what is handled meanwhile must not come later. */
const copyWithinMs = 5_000;
/** How old a look may be on which a message is deleted. */
const recentMs = 50;
const mostLooks = 3;

export function createPassing({ manager, publisher }: Pick<Broker, "manager" | "publisher">): Passing {
  /** Where each line was handed out to when that was last asked: what waits is behind that. */
  const linesAt = new Map<Stage, number>();
  const consumerOf = (stage: Stage, lane: "interactive" | "passing") =>
    manager.consumers.info(topology[stage].stream, durableOf(stage, lane));
  const handedOutTo = async (stage: Stage): Promise<number> => (await consumerOf(stage, "interactive")).delivered.stream_seq;

  /** @returns whether there is one copy now. */
  const copy = async (original: StoredMsg, readAt: number): Promise<boolean> => {
    const address = parseFactSubject(original.subject);
    if (!address || performance.now() - readAt > copyWithinMs) return false;
    const { seq: sequence, subject, header: headers } = original;
    const { outcome } = await publisher.publish(
      {
        ...copyOf({ sequence, subject, headers, storedAt: Date.parse(original.timestamp) }),
        subject: factSubject(address.fact, { ...address, lane: "passing" }),
        tenant: address.tenant,
        body: original.data,
      },
      giveUpAfter(copyWithinMs),
    );
    return outcome === "stored";
  };

  /** The next of a tenant's messages in the line, from a sequence on. */
  const nextOf = (stage: Stage, tenant: string, from: number): Promise<StoredMsg | null> => {
    // The server knows `next_by_subj` here, the client's types do not.
    const query: { readonly seq: number; readonly next_by_subj: string } = {
      seq: from,
      next_by_subj: waitingSubjects(stage, "interactive", tenant),
    };
    return manager.streams.getMessage(topology[stage].stream, query);
  };

  const remove = async (stream: string, sequence: number): Promise<void> => {
    try {
      await manager.streams.deleteMessage(stream, sequence, false);
    } catch (error) {
      // Where it is gone, somebody was quicker.
      if (!(error instanceof JetStreamApiError) || (await manager.streams.getMessage(stream, { seq: sequence }))) throw error;
    }
  };

  return {
    async tenantsInLine(stage, margin) {
      const { stream } = topology[stage];
      const line = await consumerOf(stage, "interactive");
      if (line.num_pending <= margin) return [];
      const { state } = await manager.streams.info(stream, { subjects_filter: durableFilter(stage, "interactive") });
      const tenants = Object.keys(state.subjects ?? {}).map((subject) => parseFactSubject(subject)?.tenant);
      return [...new Set(tenants)].filter((tenant) => tenant !== undefined);
    },
    async letPass(stage, tenants, { most, margin }) {
      const readAt = performance.now();
      const next = (tenant: string) => nextOf(stage, tenant, (linesAt.get(stage) ?? 0) + margin + 1);
      const waiting = (await Promise.all(tenants.map(next))).filter((found) => found !== null);
      if (waiting.length === 0) return [];
      const [line, passing] = await Promise.all([consumerOf(stage, "interactive"), consumerOf(stage, "passing")]);
      linesAt.set(stage, line.delivered.stream_seq);
      if (line.num_pending <= margin || passing.num_pending > 0) return [];
      const chosen = waiting.filter(({ seq }) => seq > line.delivered.stream_seq + margin).slice(0, most);
      const copied = await Promise.all(chosen.map((original) => copy(original, readAt)));
      return chosen.flatMap(({ subject }, index) => (copied[index] ? [parseFactSubject(subject)?.tenant ?? ""] : []));
    },
    async claim(stage, { movedFrom, subject }, margin) {
      if (movedFrom === undefined) return "handle";
      const { stream } = topology[stage];
      const original = await manager.streams.getMessage(stream, { seq: movedFrom });
      // Deleted when this copy was handed out before, or settled by who has handled it.
      if (original?.subject !== subject) return "handle";
      for (let look = 0; look < mostLooks; look++) {
        const lookedAt = performance.now();
        if ((await handedOutTo(stage)) + margin >= movedFrom) return "drop";
        // What a stalled process saw may be out of date.
        if (performance.now() - lookedAt > recentMs) continue;
        await remove(stream, movedFrom);
        return (await handedOutTo(stage)) >= movedFrom ? "later" : "handle";
      }
      return "later";
    },
  };
}
