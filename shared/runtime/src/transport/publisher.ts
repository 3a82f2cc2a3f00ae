// Publishing with an acknowledgement that is waited for, through outages, and claim checks for large bodies.

import type { MsgHdrs } from "@nats-io/nats-core";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { retry } from "@nocp/contracts/retry.ts";
import { messageIdHeader } from "../stage/message-headers.ts";
import type { Publication, Publish, PublishOutcome } from "../stage/transport.ts";
import { type ClaimCheck, claimsBucket, deadClaimsBucket } from "./claim-check.ts";
import { addTrace, expectedLastSubjectSequenceHeader, newHeaders } from "./message-headers.ts";
import { isUnpublishable, outageRetryMs } from "./patience.ts";
import { PublishRefusal, type StoredPublish } from "./stored-publish.ts";

export interface Publisher {
  readonly publish: Publish;
}

/** Codes of JetStream's API; https://github.com/nats-io/nats-server/blob/main/server/errors.json */
const wrongLastSequence = 10071;
const streamRefuses = 10077;

const noBody = new Uint8Array(0);

export function createPublisher(store: StoredPublish, claims: ClaimCheck): Publisher {
  return {
    publish(publication, until) {
      const headers = headersOf(publication);
      const large = publication.body.byteLength > claims.thresholdBytes;
      let deposited = false;
      let { onDelay } = publication;
      const publishOnce = async (): Promise<PublishOutcome> => {
        if (large && !deposited) {
          const bucket = publication.isDeadLetter ? deadClaimsBucket : claimsBucket;
          await claims.deposit(bucket, publication.tenant, publication.body, headers);
          deposited = true;
        }
        try {
          const ack = await store(publication.subject, large ? noBody : publication.body, headers);
          return { stream: ack.stream, sequence: ack.sequence, outcome: ack.duplicate ? "duplicate" : "stored" };
        } catch (error) {
          const outcome = outcomeOf(error, publication);
          if (!outcome) throw error;
          return { stream: "", sequence: 0, outcome };
        }
      };
      return retry(publishOnce, async (error) => {
        await onDelay?.().catch(() => undefined);
        onDelay = undefined;
        const waits = publication.whenFull === "wait" && isFull(error);
        const refusal = waits && !until.aborted ? undefined : refusalOf(error, publication.subject);
        if (refusal) throw refusal;
        if (until.aborted || isUnpublishable(error)) throw unacknowledged(error, publication.subject);
        return outageRetryMs;
      });
    },
  };
}

function headersOf({ headers: more = {}, messageId, onlyFirst, traceContext }: Publication): MsgHdrs {
  const headers = newHeaders();
  for (const name in more) headers.set(name, more[name] ?? "");
  if (traceContext) addTrace(headers, traceContext);
  headers.set(messageIdHeader, messageId);
  if (onlyFirst) headers.set(expectedLastSubjectSequenceHeader, "0");
  return headers;
}

/** A refusal that says there is nothing to publish. */
function outcomeOf(error: unknown, { whenFull }: Publication): PublishOutcome["outcome"] | undefined {
  if (error instanceof PublishRefusal && error.errorCode === wrongLastSequence) return "superseded";
  // Only the edge may take it for the same request: a later tool round has the same subject.
  return whenFull !== "wait" && isFull(error) && (error as Error).message.includes("per subject") ? "waiting" : undefined;
}

const isFull = (error: unknown): boolean => error instanceof PublishRefusal && error.errorCode === streamRefuses;

/** The error of a broker that answered, and said no; `undefined` when it did not answer. */
function refusalOf(error: unknown, subject: string): NocpError | undefined {
  // "No stream takes this subject" is also what a broker says that is still starting.
  if (!(error instanceof PublishRefusal) || error.errorCode === 0) return undefined;
  return isFull(error)
    ? new NocpError("QUEUE_FULL", `the stream of ${subject} is full: ${error.message}`, { retryAfterMs: 1000, cause: error })
    : new NocpError("PUBLISH_FAILED", `${subject}: ${error.message}`, { cause: error });
}

const unacknowledged = (error: unknown, subject: string): NocpError =>
  new NocpError("PUBLISH_FAILED", `${subject} was not acknowledged: ${(error as Error).message}`, { cause: error });
