// What becomes of copies that passed the line, before they may be handled (Passing).
import type { Stage } from "@nocp/contracts/topology.ts";
import type { HeldDelivery, Leases } from "./leases.ts";
import type { Passing } from "./transport.ts";

export interface CopyClaimOptions {
  readonly stage: Stage;
  readonly passing: Passing | undefined;
  readonly leases: Pick<Leases, "release">;
  readonly margin: number;
  readonly onHandle: (held: HeldDelivery) => void;
  /** Gives back what was not started. */
  readonly onReturn: (held: HeldDelivery, delayMs: number) => Promise<void>;
}

export interface CopyClaims {
  /** Copies whose originals are being asked for. */
  readonly pending: number;
  /** Never rejects. */
  claim(held: HeldDelivery): Promise<void>;
}

/** A copy waits for what may have been handed out just before: most are handled by then. */
const waitMs = 5_000;

export function createCopyClaims({ stage, passing, leases, margin, ...then }: CopyClaimOptions): CopyClaims {
  let pending = 0;
  return {
    get pending() {
      return pending;
    },
    async claim(held) {
      pending += 1;
      const claim = await passing?.claim(stage, held.delivery.message, margin).catch(() => "later" as const);
      pending -= 1;
      if (claim === "handle") return then.onHandle(held);
      if (claim !== "drop") return then.onReturn(held, waitMs);
      leases.release(held);
      held.delivery.drop();
    },
  };
}
