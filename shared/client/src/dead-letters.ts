// Looking at dead letters, and sending them again.

import { type DeadLetter, deadLetterSchema } from "@nocp/contracts/dead-letter.ts";
import { isErrorCode } from "@nocp/contracts/errors/catalogue.ts";
import { NocpError, reportedErrorOf } from "@nocp/contracts/errors/nocp-error.ts";
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import { parseWithExactArguments } from "@nocp/contracts/json/exact-numbers.ts";
import { requestIdPattern } from "@nocp/contracts/request.ts";
import { giveUpAfter, pause } from "@nocp/contracts/retry.ts";
import { deadLetterStream, defaultTenant, resultSubject, resultsStream, type Stage } from "@nocp/contracts/topology.ts";
import { deadlineHeader, messageIdHeader } from "@nocp/runtime/stage/message-headers.ts";
import { redriveId, redriveOf } from "@nocp/runtime/stage/message-id.ts";
import type { CallerBroker } from "@nocp/runtime/transport/caller-broker.ts";
import { claimHeader } from "@nocp/runtime/transport/message-headers.ts";
import { checkRequestRef } from "./check-reference.ts";

/** A dead letter, and where it is kept. */
export interface StoredDeadLetter {
  /** Its number in the stream of dead letters; `show` and `redrive` take it. */
  readonly sequence: number;
  readonly letter: DeadLetter;
  /** False when what is stored is no dead letter, or its body is gone: then `letter.error` says so. */
  readonly readable: boolean;
}

/** Looks at messages that could not be handled, and sends them again. */
export interface DeadLetters {
  /** The newest first. */
  list(limit: number): Promise<StoredDeadLetter[]>;
  /** @param id a sequence or a request id. @throws NocpError RESULT_NOT_FOUND. */
  show(id: string): Promise<StoredDeadLetter>;
  /**
   * Sends the message again with a new deadline, and takes back the failed result, so that a new one can stand.
   * @param timeoutMs the new deadline, counted from now.
   * @throws NocpError RESULT_NOT_FOUND; INVALID_MESSAGE or CLAIM_MISSING when the letter cannot be read.
   */
  redrive(id: string, timeoutMs: number): Promise<StoredDeadLetter>;
  /** Deletes a dead letter for good; the failed result of its request stands. @throws NocpError RESULT_NOT_FOUND. */
  drop(id: string): Promise<StoredDeadLetter>;
}

type MsgHdrs = NonNullable<StoredMessage["header"]>;
type StoredMessage = NonNullable<Awaited<ReturnType<CallerBroker["manager"]["direct"]["getMessage"]>>>;

const textDecoder = new TextDecoder();
const redriveRetryMs = 20;
const redriveTimeoutMs = 10_000;
/** Headers of the old way that the message must not take along. */
const staleHeaders = /^(Nats-|Nocp-Claim)/i;

/** @throws NocpError INVALID_MESSAGE when it is none. */
function parseLetter(body: Uint8Array): DeadLetter {
  let parsed: unknown;
  try {
    parsed = parseWithExactArguments(textDecoder.decode(body));
  } catch {
    throw new NocpError("INVALID_MESSAGE", "it is not JSON");
  }
  const checked = deadLetterSchema.safeParse(parsed);
  if (!checked.success) throw new NocpError("INVALID_MESSAGE", describeProblems(checked.error));
  return checked.data;
}

/** Dead letters of all tenants are one stream, which stages alone write to: the claim itself says whose it is. */
const ownerOfClaim = (header: MsgHdrs): string => /^[^/]+\/([^.]+)\./.exec(header.get(claimHeader))?.[1] ?? "";

/** What subject and headers still say. */
function unreadableLetter({ subject, header, data, time }: StoredMessage, cause: NocpError): DeadLetter {
  const messageId = header?.get(messageIdHeader) ?? "";
  const [, tenant = defaultTenant, requestId = ""] = /^([^.>]+)\.([^.>~]+)/.exec(messageId) ?? [];
  const error = new NocpError(cause.code, `this dead letter cannot be read: ${cause.message}`, {
    advice: "It cannot be redriven; submit the request again.",
  });
  return {
    v: 1,
    tenant,
    requestId: requestIdPattern.test(requestId) ? requestId : "",
    stage: subject.split(".").at(-1) as Stage,
    subject,
    messageId,
    error: reportedErrorOf(error),
    attempts: 0,
    at: time.getTime(),
    headers: {},
    payload: Buffer.from(data).toString("base64"),
  };
}

const unreadable = ({ error: { code, message, advice } }: DeadLetter): NocpError =>
  new NocpError(isErrorCode(code) ? code : "INVALID_MESSAGE", message, advice === undefined ? {} : { advice });

export function createDeadLetters(broker: CallerBroker): DeadLetters {
  const { manager } = broker;

  const read = async (sequence: number): Promise<StoredDeadLetter | undefined> => {
    const stored = await manager.direct.getMessage(deadLetterStream, { seq: sequence }).catch(() => null);
    if (!stored) return undefined;
    try {
      const body = stored.header?.get(claimHeader)
        ? await broker.claims.redeem(stored.header, ownerOfClaim(stored.header))
        : stored.data;
      return { sequence, letter: parseLetter(body), readable: true };
    } catch (error) {
      if (!(error instanceof NocpError)) throw error;
      return { sequence, letter: unreadableLetter(stored, error), readable: false };
    }
  };

  const newestFirst = async function* (): AsyncGenerator<StoredDeadLetter> {
    const { state } = await manager.streams.info(deadLetterStream);
    for (let sequence = state.last_seq; sequence >= state.first_seq && sequence > 0; sequence--) {
      const found = await read(sequence);
      if (found) yield found;
    }
  };

  const show = async (id: string): Promise<StoredDeadLetter> => {
    if (/^\d+$/.test(id)) {
      const found = await read(Number(id));
      if (found) return found;
    } else {
      for await (const found of newestFirst()) if (found.letter.requestId === id) return found;
    }
    throw new NocpError("RESULT_NOT_FOUND", `there is no dead letter ${id}`, { advice: "List them with `./nocp dead list`." });
  };

  return {
    async list(limit) {
      const letters: StoredDeadLetter[] = [];
      if (limit <= 0) return letters;
      for await (const found of newestFirst()) if (letters.push(found) >= limit) break;
      return letters;
    },
    show,
    async redrive(id, timeoutMs) {
      const stored = await show(id);
      const { letter, sequence } = stored;
      if (!stored.readable) throw unreadable(letter);
      const standing = resultSubject(checkRequestRef(letter));
      const kept = Object.entries(letter.headers).filter(([key]) => !staleHeaders.test(key));
      const headers = { ...Object.fromEntries(kept), [deadlineHeader]: String(Date.now() + timeoutMs) };
      await manager.streams.purge(resultsStream, { filter: standing });
      const messageId = redriveId(letter.messageId, redriveOf(letter.messageId) + 1);
      const body = Buffer.from(letter.payload, "base64");
      const until = giveUpAfter(redriveTimeoutMs);
      const publication = { subject: letter.subject, tenant: letter.tenant, body, messageId, headers };
      // The stage that wrote the letter may not have acknowledged its message yet.
      while ((await broker.publisher.publish(publication, until)).outcome === "waiting") {
        if (until.aborted) throw new NocpError("QUEUE_FULL", `request ${letter.requestId} is already queued`);
        await pause(redriveRetryMs);
      }
      await manager.streams.deleteMessage(deadLetterStream, sequence, false);
      return stored;
    },
    async drop(id) {
      const stored = await show(id);
      await manager.streams.deleteMessage(deadLetterStream, stored.sequence, false);
      return stored;
    },
  };
}
