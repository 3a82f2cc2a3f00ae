// Publishing with an acknowledgement that is waited for, through outages, and claim checks for large bodies.

import type { MsgHdrs } from "@nats-io/nats-core";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { retry } from "@nocp/contracts/retry.ts";
import { mayRepeatHeader, messageIdHeader } from "../stage/message-headers.ts";
import type { Publication, Publish, PublishOutcome } from "../stage/transport.ts";
import { type ClaimCheck, claimsBucket, deadClaimsBucket } from "./claim-check.ts";
import { addTrace, expectedLastSubjectSequenceHeader, newHeaders } from "./message-headers.ts";
import { isUnpublishable, outageRetryMs } from "./patience.ts";
import { PublishRefusal, type StoredPublish } from "./stored-publish.ts";

export interface Publisher {
  readonly publish: Publish;
  /** What has not been acknowledged for so long that the broker seems to store nothing there; `undefined` when all is well. */
  trouble(): string | undefined;
  /** The broker is another one now, or was started again. */
  forgetTroubles(): void;
}

/** An outage that is shorter is no trouble. */
const troubleAfterMs = 3_000;

/** Codes of JetStream's API; https://github.com/nats-io/nats-server/blob/main/server/errors.json */
const wrongLastSequence = 10071;
const streamRefuses = 10077;

const noBody = new Uint8Array(0);

export function createPublisher(store: StoredPublish, claims: ClaimCheck): Publisher {
  const troubles = new Map<string, Trouble>();
  return {
    trouble() {
      for (const [kind, { since, reason }] of troubles) {
        if (performance.now() - since >= troubleAfterMs) return `no message ${kind} is stored: ${reason}`;
      }
      return undefined;
    },
    forgetTroubles: () => troubles.clear(),
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
          if (troubles.size > 0) troubles.delete(kindOf(publication.subject));
          return { stream: ack.stream, sequence: ack.sequence, outcome: ack.duplicate ? "duplicate" : "stored" };
        } catch (error) {
          const outcome = outcomeOf(error, publication);
          if (!outcome) throw error;
          return { stream: "", sequence: 0, outcome };
        }
      };
      return retry(publishOnce, async (error) => {
        // The first may be stored, and consumed, and its id forgotten.
        headers.set(mayRepeatHeader, "1");
        noteTrouble(troubles, publication.subject, error);
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

interface Trouble {
  readonly since: number;
  readonly reason: string;
}

/** `<prefix>.<version>.<what>.<happened>`: what all messages of a kind begin with. */
const kindOf = (subject: string): string => subject.split(".").slice(0, 4).join(".");

/** A full stream is no trouble of the broker's: it takes messages again when the next stage has handled some. */
function noteTrouble(troubles: Map<string, Trouble>, subject: string, error: unknown): void {
  if (isFull(error) || isUnpublishable(error)) return;
  const kind = kindOf(subject);
  const since = troubles.get(kind)?.since ?? performance.now();
  troubles.set(kind, { since, reason: (error as Error).message });
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
