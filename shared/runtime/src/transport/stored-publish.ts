// Publishing with the broker's acknowledgement.
import type { Msg, MsgHdrs } from "@nats-io/nats-core";
import { hasNoResponders, type RequestReply } from "./request-reply.ts";

/** What the broker said: https://docs.nats.io/reference/reference-protocols/nats_api_reference#publishing */
export interface StoredAck {
  readonly stream: string;
  readonly sequence: number;
  readonly duplicate: boolean;
}

/** The broker answered, and did not store the message. */
export class PublishRefusal extends Error {
  override readonly name = "PublishRefusal";
  /** From https://github.com/nats-io/nats-server/blob/main/server/errors.json; 0 when no stream covers the subject. */
  readonly errorCode: number;

  constructor(errorCode: number, description: string) {
    super(description);
    this.errorCode = errorCode;
  }
}

/**
 * Publishes and waits until the message is stored.
 * @throws PublishRefusal when the broker refused it; Error when it did not answer in time or the connection is closed.
 */
export type StoredPublish = (subject: string, body: Uint8Array, headers?: MsgHdrs) => Promise<StoredAck>;

interface AckBody {
  readonly stream?: string;
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly err_code?: number; readonly description?: string };
}

export const createStoredPublish =
  ({ ask }: RequestReply): StoredPublish =>
  async (subject, body, headers) =>
    ackOf(await ask(subject, body, headers));

/** @throws PublishRefusal */
function ackOf(answer: Msg): StoredAck {
  if (hasNoResponders(answer)) throw new PublishRefusal(0, "no stream takes this subject, or the broker is still starting");
  const { stream, seq, duplicate, error } = answer.json<AckBody>();
  if (error !== undefined || stream === undefined || seq === undefined)
    throw new PublishRefusal(error?.err_code ?? 0, error?.description ?? "the acknowledgement names no stream");
  return { stream, sequence: seq, duplicate: duplicate ?? false };
}
