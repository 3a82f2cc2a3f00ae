// Waits for a request's result: pushed when it comes, read from the store when it came before.

import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { type RequestRef, resultSubject } from "@nocp/contracts/topology.ts";
import type { CallerBroker } from "@nocp/runtime/transport/caller-broker.ts";
import { decodeResult } from "@nocp/runtime/transport/result-store.ts";
import { checkRequestRef } from "./check-reference.ts";
import { foreignTenantError } from "./refuse-foreign-tenant.ts";

/** A push that got lost with a connection is made up for by looking into the store this often. */
const lookEveryMs = 2_000;

export interface ResultWait {
  readonly result: Promise<NocpResult>;
  /** Stops waiting; `result` never settles then. */
  cancel(): void;
}

const noResultYet = ({ requestId }: RequestRef): NocpError =>
  new NocpError("RESULT_NOT_FOUND", `there is no result for request ${requestId}`);
const noResultWithin = ({ requestId }: RequestRef, timeoutMs: number): NocpError =>
  new NocpError("RESULT_NOT_FOUND", `no result for request ${requestId} within ${timeoutMs} ms`, {
    advice: `The request may still be running: wait longer, or fetch the result later with ./nocp result ${requestId}`,
  });

/** Looks into the store once. @throws NocpError RESULT_NOT_FOUND; INVALID_REQUEST when the id is none. */
export async function lookForResult(broker: CallerBroker, request: RequestRef): Promise<NocpResult> {
  const found = await broker.results.get(checkRequestRef(request)).catch(async (error: unknown) => {
    throw (await foreignTenantError(broker, request.tenant)) ?? error;
  });
  if (!found) throw noResultYet(request);
  return found;
}

/**
 * Begins to listen at once, so that a request may be submitted after this call without missing its result.
 * @param timeoutMs the promise rejects with RESULT_NOT_FOUND after that.
 * @param look whether the store is read first; needless for a request that is yet to be submitted.
 * The promise rejects with NOT_AUTHORIZED when the tenant is not the user's.
 * @throws NocpError INVALID_REQUEST when the id is none.
 */
export function awaitResult(broker: CallerBroker, request: RequestRef, timeoutMs: number, look: boolean): ResultWait {
  const { connection, results, claims } = broker;
  const subject = resultSubject(checkRequestRef(request));
  let stop = () => {};
  const result = new Promise<NocpResult>((resolve, reject) => {
    const finish = (settle: () => void) => {
      stop();
      settle();
    };
    const readStore = () => {
      results.get(request).then(
        (found) => found && finish(() => resolve(found)),
        async () => {
          const foreign = await foreignTenantError(broker, request.tenant);
          if (foreign) finish(() => reject(foreign));
        },
      );
    };
    const subscription = connection.subscribe(subject, {
      callback: (error, message) => {
        if (error) return finish(() => reject(error));
        decodeResult(message.data, message.headers, claims, request.tenant).then(
          (decoded) => finish(() => resolve(decoded)),
          (problem: unknown) => finish(() => reject(problem)),
        );
      },
    });
    const looking = setInterval(readStore, lookEveryMs);
    const timer = setTimeout(() => finish(() => reject(noResultWithin(request, timeoutMs))), timeoutMs);
    stop = () => {
      clearInterval(looking);
      clearTimeout(timer);
      if (!subscription.isClosed()) subscription.unsubscribe();
    };
    if (look) readStore();
  });
  return { result, cancel: () => stop() };
}
