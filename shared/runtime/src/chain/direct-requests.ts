// Requests whose callers wait in this process: for the pieces of the answer, and for the result that stands.
import type { Delta } from "@nocp/contracts/delta.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { type RequestRef, requestKey } from "@nocp/contracts/topology.ts";

export interface DirectRequests {
  /** @throws Error when a request of this name is waited for already. */
  open(request: RequestRef, onDelta: ((delta: Delta) => void) | undefined): WaitingCaller;
  /** @returns the first result of the request, or `undefined` when nobody here waits for it. */
  answer(result: NocpResult): NocpResult | undefined;
  /** @returns whether somebody here waits for the request. */
  delta(request: RequestRef, delta: Delta): boolean;
  readonly size: number;
}

export interface WaitingCaller {
  readonly result: Promise<NocpResult>;
  /** Nothing more comes: rejects a result that has not come. @param why is asked only then: an error takes its time to make. */
  close(why: () => Error): void;
}

interface Waiting {
  readonly onDelta: ((delta: Delta) => void) | undefined;
  readonly resolve: (result: NocpResult) => void;
  result: NocpResult | undefined;
}

export function createDirectRequests(): DirectRequests {
  const waiting = new Map<string, Waiting>();
  return {
    open(request, onDelta) {
      const key = requestKey(request);
      if (waiting.has(key)) throw new Error(`request ${key} is waited for already`);
      const { promise, resolve, reject } = Promise.withResolvers<NocpResult>();
      waiting.set(key, { onDelta, resolve, result: undefined });
      return {
        result: promise,
        close(why) {
          const hasResult = waiting.get(key)?.result !== undefined;
          waiting.delete(key);
          if (!hasResult) reject(why());
        },
      };
    },
    answer(result) {
      const caller = waiting.get(requestKey(result));
      if (!caller) return undefined;
      caller.result ??= result;
      caller.resolve(caller.result);
      return caller.result;
    },
    delta(request, delta) {
      const caller = waiting.get(requestKey(request));
      caller?.onDelta?.(delta);
      return caller !== undefined;
    },
    get size() {
      return waiting.size;
    },
  };
}
