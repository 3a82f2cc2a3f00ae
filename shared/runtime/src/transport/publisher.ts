// Publishing with an acknowledgement that is waited for, through outages, and claim checks for large bodies.
import type { MsgHdrs } from "@nats-io/nats-core";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { type ClaimCheck, claimsBucket } from "./claim-check.ts";
import { expectedLastSubjectSequenceHeader, messageIdHeader } from "./message-headers.ts";
import { isUnpublishable } from "./patience.ts";
import { PublishRefusal, type StoredPublish } from "./stored-publish.ts";

export interface Publication {
  readonly subject: string;
  readonly body: Uint8Array;
  readonly messageId: string;
  readonly headers: MsgHdrs;
  /** Refuse when the subject holds a message already. */
  readonly onlyFirst?: boolean;
  /**
   * What to do when the stream takes no more: `wait` for room, as work that was accepted must, or `refuse` (the
   * default), as the edge must.
   */
  readonly whenFull?: "wait" | "refuse";
  readonly claimBucket?: string;
  /** Called once, and awaited, when the first try failed; what it throws is ignored. */
  readonly onDelay?: (() => Promise<void>) | undefined;
}

export interface PublishOutcome {
  readonly stream: string;
  readonly sequence: number;
  /**
   * `stored`, or why it need not be: `duplicate`, the id is known; `waiting`, the ingress holds the request already
   * (only with `whenFull: "refuse"`); `superseded`, the subject's first message is there.
   */
  readonly outcome: "stored" | "duplicate" | "waiting" | "superseded";
}

/** Looked at between two tries; a signal of a request serves as one. */
export interface GiveUp {
  readonly aborted: boolean;
}

/** Gives up after a time. Not `AbortSignal.timeout`: its timer outlives quick answers by minutes, and holds their requests. */
export function giveUpAfter(milliseconds: number): GiveUp {
  const at = performance.now() + milliseconds;
  return {
    get aborted() {
      return performance.now() >= at;
    },
  };
}

export interface Publisher {
  /**
   * Resolves when the broker has stored the message; tries again through an outage until it is time to give up.
   * @throws NocpError QUEUE_FULL when the stream refuses new messages, PUBLISH_FAILED otherwise.
   */
  publish(publication: Publication, until: GiveUp): Promise<PublishOutcome>;
}

/** Codes of JetStream's API; https://github.com/nats-io/nats-server/blob/main/server/errors.json */
const WRONG_LAST_SEQUENCE = 10071;
const STREAM_REFUSES = 10077;

const RETRY_WAIT_MS = 200;
const EMPTY = new Uint8Array(0);

export function createPublisher(store: StoredPublish, claims: ClaimCheck): Publisher {
  return {
    async publish(publication, until) {
      const { headers, messageId } = publication;
      headers.set(messageIdHeader, messageId);
      if (publication.onlyFirst) headers.set(expectedLastSubjectSequenceHeader, "0");
      const large = publication.body.byteLength > claims.thresholdBytes;
      let deposited = false;
      let { onDelay } = publication;
      for (;;) {
        try {
          if (large && !deposited) {
            await claims.deposit(publication.claimBucket ?? claimsBucket, publication.body, headers);
            deposited = true;
          }
          const ack = await store(publication.subject, large ? EMPTY : publication.body, headers);
          return { stream: ack.stream, sequence: ack.sequence, outcome: ack.duplicate ? "duplicate" : "stored" };
        } catch (error) {
          if (error instanceof PublishRefusal && error.errorCode === WRONG_LAST_SEQUENCE) {
            return { stream: "", sequence: 0, outcome: "superseded" };
          }
          await onDelay?.().catch(() => undefined);
          onDelay = undefined;
          const waits = publication.whenFull === "wait" && isFull(error);
          // Only the edge may take it for the same request: a later tool round has the same subject.
          if (!waits && isFull(error) && (error as Error).message.includes("per subject"))
            return { stream: "", sequence: 0, outcome: "waiting" };
          const refusal = waits && !until.aborted ? undefined : refusalOf(error, publication.subject);
          if (refusal) throw refusal;
          if (until.aborted || isUnpublishable(error)) throw unacknowledged(error, publication.subject);
          await new Promise((resolve) => setTimeout(resolve, RETRY_WAIT_MS));
        }
      }
    },
  };
}

const isFull = (error: unknown): boolean => error instanceof PublishRefusal && error.errorCode === STREAM_REFUSES;

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
