// The stages of one process for callers in that process: no queue on the way in, and none on the way out.
import type { Delta } from "@nocp/contracts/delta.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { NocpRequest } from "@nocp/contracts/request.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import { type FactAddress, requestKey } from "@nocp/contracts/topology.ts";
import { type Context, ROOT_CONTEXT } from "@opentelemetry/api";
import type { RunnerState } from "../stage/stage-runner.ts";
import { assembleLinked, type ChainParts, stateOf } from "./assemble-chain.ts";
import { createDirectTransport } from "./chain-transport.ts";
import { createDirectRequests } from "./direct-requests.ts";
import { createStageLinks } from "./stage-links.ts";

export interface DirectSubmission {
  readonly address: FactAddress;
  readonly request: NocpRequest;
  readonly onDelta?: ((delta: Delta) => void) | undefined;
  /** The trace that the request is a part of. */
  readonly traceContext?: Context | undefined;
}

export interface DirectRequest {
  /** A failed result, too. @throws NocpError NOT_CONNECTED when the process stops first. */
  readonly result: Promise<NocpResult>;
  /** The stage that works on it is aborted, and fails it with CANCELLED. */
  cancel(): void;
}

export interface DirectChain {
  readonly state: RunnerState;
  /** Requests that are not settled: those are among them whose caller has the result, and whose transaction is being stored. */
  readonly size: number;
  submit(submission: DirectSubmission): DirectRequest;
  /** Aborts what runs, and waits for transactions that are being stored. */
  stop(): Promise<void>;
}

/** @returns a chain that takes requests. @throws what assembling a stage throws. */
export async function startDirectChain(parts: ChainParts): Promise<DirectChain> {
  const links = createStageLinks(parts.now);
  const requests = createDirectRequests();
  const transport = createDirectTransport(parts.transport, links, requests);
  const runners = await assembleLinked(parts, transport);
  for (const runner of runners) runner.start();
  let settling = 0;
  return {
    get state() {
      return stateOf(runners);
    },
    get size() {
      return settling;
    },
    submit({ address, request, onDelta, traceContext = ROOT_CONTEXT }) {
      const caller = requests.open(address, onDelta);
      // Who cancels does not look at the result.
      caller.result.catch(() => undefined);
      settling += 1;
      const messageId = requestKey(address);
      const first = { mayBeRepeated: false, mayBeRedelivered: false, lostStarts: 0 };
      void links
        .handOver({ fact: "request.submitted", address, content: request, messageId, traceContext, ...first })
        .then((end) => {
          settling -= 1;
          caller.close(() => new NocpError("NOT_CONNECTED", `the process is stopping; the request was ${end}`));
        });
      return { result: caller.result, cancel: () => transport.cancel(address) };
    },
    async stop() {
      links.stop();
      await Promise.all(runners.map(({ stop }) => stop()));
    },
  };
}
