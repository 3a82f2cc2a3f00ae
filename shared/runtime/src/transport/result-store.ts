// Reading results: the last message of each request's subject.

import type { DirectStreamAPI, JetStreamManager } from "@nats-io/jetstream";
import { headers as createHeaders, type MsgHdrs } from "@nats-io/nats-core";
import { parseWithExactArguments } from "@nocp/contracts/json/exact-numbers.ts";
import { type NocpResult, resultSchema } from "@nocp/contracts/result.ts";
import { type RequestRef, resultSubject, resultsStream } from "@nocp/contracts/topology.ts";
import type { ClaimCheck } from "./claim-check.ts";
import { claimHeader } from "./message-headers.ts";

export interface ResultStore {
  /** @returns `undefined` when the request has no result yet, or it has expired. */
  get(request: RequestRef): Promise<NocpResult | undefined>;
}

const textDecoder = new TextDecoder();

/** @throws NocpError CLAIM_MISSING when a large result's body is gone; ZodError when it is not a result. */
export async function decodeResult(
  body: Uint8Array,
  headers: MsgHdrs | undefined,
  claims: ClaimCheck,
  tenant: string,
): Promise<NocpResult> {
  const bytes = headers?.get(claimHeader) ? await claims.redeem(headers, tenant) : body;
  return resultSchema.parse(parseWithExactArguments(textDecoder.decode(bytes)));
}

export function createResultStore(manager: JetStreamManager, claims: ClaimCheck): ResultStore {
  const direct: DirectStreamAPI = manager.direct;
  return {
    async get(request) {
      const stored = await direct.getMessage(resultsStream, { last_by_subj: resultSubject(request) });
      return stored ? decodeResult(stored.data, stored.header ?? createHeaders(), claims, request.tenant) : undefined;
    },
  };
}
