// One way to come by a nats-server: the contract.
import type { Machine } from "../machine.ts";

export type NatsServerProgram =
  | { readonly kind: "binary"; readonly path: string }
  | { readonly kind: "docker"; readonly image: string };

export interface NatsServerSource {
  /** Completes the sentence "nats-server …", e.g. `on PATH`. */
  readonly name: string;
  /** Whether asking means downloading; `doctor` leaves such sources alone. */
  readonly fetches: boolean;
  /** `undefined` when this way does not lead to one; the reason is reported. */
  find(machine: Machine): Promise<NatsServerProgram | undefined>;
}

/** Where fetched programs are kept. */
export const cachedNatsServer = (dataFolder: string): string => `${dataFolder}/bin/nats-server`;
