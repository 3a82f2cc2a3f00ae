// A message that passed the line: a copy in the passing lane, which says in its headers what it was copied from.
import type { MsgHdrs } from "@nats-io/nats-core";
import { parseFactSubject, requestKey, subjectBeforePassing } from "@nocp/contracts/topology.ts";
import { mayRepeatHeader, messageIdHeader } from "../stage/message-headers.ts";
import { newHeaders } from "./message-headers.ts";

/** The original's place in the stream. */
const movedFromHeader = "Nocp-Moved-From";
/** The original's id, when it had one. */
const movedIdHeader = "Nocp-Moved-Id";
/** When the original was stored, milliseconds since the epoch: a request's deadline counts from there. */
const storedAtHeader = "Nocp-Stored-At";

/** What a message says of itself, wherever it waits. */
export interface Original {
  readonly subject: string;
  readonly headers: MsgHdrs | undefined;
  readonly storedAt: number;
  /** `undefined` for a message that was not copied, but published to the passing lane. */
  readonly sequence: number | undefined;
}

export interface StoredOriginal extends Original {
  readonly sequence: number;
}

/** The same for the same original, so that two who copy it store one copy. Nobody else knows it before the original is stored. */
const copyIdOf = ({ subject, sequence }: StoredOriginal): string => {
  const address = parseFactSubject(subject);
  return `${address ? requestKey(address) : subject}~from${sequence}`;
};

/** @returns id and headers of the copy. What JetStream reads in the headers was meant for the original. */
export function copyOf(original: StoredOriginal): { messageId: string; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  for (const name of original.headers?.keys() ?? []) {
    if (!name.startsWith("Nats-")) headers[name] = original.headers?.get(name) ?? "";
  }
  const id = original.headers?.get(messageIdHeader);
  if (id) headers[movedIdHeader] = id;
  headers[movedFromHeader] = String(original.sequence);
  headers[storedAtHeader] = String(original.storedAt);
  return { messageId: copyIdOf(original), headers };
}

/**
 * @param storedAt when the copy was stored.
 * @returns what a message of the passing lane stands for; `undefined` for one of another lane.
 */
export function originalOf(
  { subject, headers }: { readonly subject: string; readonly headers?: MsgHdrs | undefined },
  storedAt: number,
): Original | undefined {
  const before = subject.includes(".passing.") ? subjectBeforePassing(subject) : undefined;
  if (before === undefined) return undefined;
  const sequence = Number(headers?.get(movedFromHeader)) || undefined;
  if (headers === undefined || sequence === undefined) return { subject: before, headers, storedAt, sequence: undefined };
  const originals = newHeaders();
  for (const name of headers.keys()) originals.set(name, headers.get(name));
  const id = headers.get(movedIdHeader);
  if (id) originals.set(messageIdHeader, id);
  else originals.delete(messageIdHeader);
  for (const name of [movedFromHeader, movedIdHeader, storedAtHeader]) originals.delete(name);
  // Both may have been handled, in a race.
  originals.set(mayRepeatHeader, "1");
  const originallyStoredAt = Number(headers.get(storedAtHeader)) || storedAt;
  return { subject: before, headers: originals, storedAt: Math.min(originallyStoredAt, storedAt), sequence };
}
