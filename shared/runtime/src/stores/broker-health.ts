// The contract of what a broker says of a deployment: what waits in its queues, and whether anybody works on it.
import type { Lane, Stage } from "@nocp/contracts/topology.ts";

export interface QueueState {
  readonly service: Stage | "observability";
  /** `null`: events have none. */
  readonly lane: Lane | null;
  /** Messages that nobody has begun to work on. */
  readonly waiting: number;
  readonly inWork: number;
  /** Whether a process asks for more, or has some in work. */
  readonly isServed: boolean;
}

export interface BrokerHealth {
  readonly serverVersion: string;
  readonly queues: readonly QueueState[];
  readonly deadLetters: number;
}
