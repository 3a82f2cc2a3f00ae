// Takes over what the release before tenants left: its subjects had no tenant, and its large bodies were in object stores.
//
// Nothing is lost or paid twice when this ends half way: a message is deleted under its old subject only after it is stored
// under the new one, and one that is there already is not stored again. No stage works meanwhile: the old consumers are
// deleted first, and stages wait until there are new ones.
import type { StoredMsg, StreamInfo } from "@nats-io/jetstream";
import type { MsgHdrs } from "@nats-io/nats-core";
import { requestSchema } from "@nocp/contracts/request.ts";
import {
  deadLetterStream,
  defaultTenant,
  durableOf,
  eventsStream,
  queueLanes,
  stages,
  topology,
} from "@nocp/contracts/topology.ts";
import { mayRepeatHeader, messageIdHeader } from "../../stage/message-headers.ts";
import { archiveBucket } from "../archive-store.ts";
import type { Broker } from "../broker.ts";
import { claimsBucket, deadClaimsBucket, recordClaimsBucket } from "../claim-check.ts";
import { claimHeader, newHeaders } from "../message-headers.ts";
import { infoOrNothing } from "../stored-info.ts";
import { definitionsOf, type StreamDefinition } from "../stream-definitions.ts";
import { moveOldArchive } from "./old-archive.ts";
import { messagesOn, objectStream, readOldObject } from "./old-objects.ts";
import { isOldSubject, newIdOf, type OldSubject, oldSubjects, parseOldSubject } from "./old-subjects.ts";

export interface TakenOver {
  /** Messages that are under new subjects now. */
  readonly messages: number;
}

/** Moves everything to the new subjects. Call it before the topology is provisioned; without old streams it does nothing. */
export async function takeOver(broker: Broker): Promise<TakenOver> {
  const { streams } = definitionsOf(broker.settings, broker.replicas);
  let messages = 0;
  for (const definition of streams) messages += await takeOverStream(broker, definition);
  await moveOldArchive(broker);
  for (const bucket of [claimsBucket, deadClaimsBucket, recordClaimsBucket, archiveBucket]) {
    const stream = objectStream(bucket);
    if (await infoOrNothing(() => broker.manager.streams.info(stream))) await broker.manager.streams.delete(stream);
  }
  return { messages };
}

async function takeOverStream(broker: Broker, definition: StreamDefinition): Promise<number> {
  const { manager } = broker;
  const { name } = definition;
  const found = await infoOrNothing<StreamInfo>(() => manager.streams.info(name, { subjects_filter: oldSubjects }));
  if (!found) return 0;
  const hasOldSubjects = found.config.subjects.some(isOldSubject);
  if (!hasOldSubjects && Object.keys(found.state.subjects ?? {}).length === 0) return 0;
  const stage = stages.find((candidate) => topology[candidate].stream === name);
  if (stage) for (const lane of queueLanes) await deleteConsumer(broker, name, durableOf(stage, lane));
  // For the time of the move a message is there twice; the topology's limits are set again after it.
  const { subjects } = definition;
  if (hasOldSubjects) await manager.streams.update(name, { ...found.config, subjects, max_msgs: -1, max_bytes: -1 });
  // Events are read whatever their subject is, and keep their place.
  if (name === eventsStream) return 0;
  let moved = 0;
  for await (const message of messagesOn(manager, name, oldSubjects)) {
    await move(broker, name, message);
    moved++;
  }
  return moved;
}

async function deleteConsumer({ manager }: Broker, stream: string, durable: string): Promise<void> {
  if (await infoOrNothing(() => manager.consumers.info(stream, durable))) await manager.consumers.delete(stream, durable);
}

async function move(broker: Broker, stream: string, message: StoredMsg): Promise<void> {
  const { manager, jetstream } = broker;
  const old = parseOldSubject(message.subject);
  if (old) {
    const claimed = await claimedBody(broker, message.header);
    const body = claimed ?? message.data;
    const tenant = tenantOf(body);
    const subject = old.subjectFor(tenant);
    const isDeadLetter = stream === deadLetterStream;
    if (isDeadLetter || !(await manager.streams.getMessage(stream, { last_by_subj: subject }))) {
      await moveRecords(broker, old, tenant);
      const headers = headersOf(message, tenant);
      const bodyNow = isDeadLetter ? readdressedLetter(body) : body;
      if (claimed) await broker.claims.deposit(isDeadLetter ? deadClaimsBucket : claimsBucket, tenant, bodyNow, headers);
      const ack = await jetstream.publish(subject, claimed ? new Uint8Array(0) : bodyNow, { headers });
      await copyAttempts(broker, old, message.seq, ack.seq);
    }
  }
  await manager.streams.deleteMessage(stream, message.seq, false);
}

async function claimedBody({ manager }: Broker, headers: MsgHdrs | undefined): Promise<Uint8Array | undefined> {
  const [bucket, name] = headers?.get(claimHeader)?.split("/") ?? [];
  return bucket && name ? readOldObject(manager, bucket, name) : undefined;
}

/** As the body says it; the stage that reads a body without one answers it. */
function tenantOf(body: Uint8Array): string {
  const parsed = jsonOf(body);
  const tenant = parsed?.tenant ?? (parsed?.request as Record<string, unknown> | undefined)?.tenant;
  const valid = requestSchema.shape.tenant.safeParse(tenant);
  return valid.success ? valid.data : defaultTenant;
}

function jsonOf(body: Uint8Array): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** All but what the server is told of this one publishing. The message may have been handed out before. */
function headersOf({ header, seq }: StoredMsg, tenant: string): MsgHdrs {
  const headers = newHeaders();
  for (const key of header?.keys() ?? []) if (!/^Nats-|^Nocp-Claim/.test(key)) headers.set(key, header.get(key));
  headers.set(messageIdHeader, newIdOf(header?.get(messageIdHeader) || `taken-over.${seq}`, tenant));
  headers.set(mayRepeatHeader, "1");
  return headers;
}

/** A letter names where its message came from, which is where a redrive puts it. */
function readdressedLetter(body: Uint8Array): Uint8Array {
  const letter = jsonOf(body);
  const old = typeof letter?.subject === "string" && isOldSubject(letter.subject) ? parseOldSubject(letter.subject) : undefined;
  if (!letter || old?.requestId === undefined) return body;
  const tenant = tenantOf(Buffer.from(String(letter.payload ?? ""), "base64"));
  const messageId = newIdOf(String(letter.messageId ?? ""), tenant);
  return new TextEncoder().encode(JSON.stringify({ ...letter, tenant, subject: old.subjectFor(tenant), messageId }));
}

/** Buckets whose keys begin with the request. */
const requestBuckets = ["nocp_completions", "nocp_helper-calls"];

/** What was paid for the request: a stage that reads it does not pay again. */
async function moveRecords(broker: Broker, { requestId }: OldSubject, tenant: string): Promise<void> {
  if (requestId === undefined) return;
  const { manager, jetstream } = broker;
  for (const bucket of requestBuckets) {
    if (!(await infoOrNothing(() => manager.streams.info(`KV_${bucket}`)))) continue;
    const prefix = `$KV.${bucket}.`;
    for await (const { subject, data, header } of messagesOn(manager, `KV_${bucket}`, `${prefix}${requestId}.>`)) {
      const headers = newHeaders();
      const claimed = await claimedBody(broker, header);
      if (claimed) await broker.claims.deposit(recordClaimsBucket, bucket, claimed, headers);
      await jetstream.publish(prefix + newIdOf(subject.slice(prefix.length), tenant), claimed ? "" : data, {
        headers,
      });
    }
  }
}

const attemptsBucket = "nocp_attempts";

/** Starts are counted by the message's number in its stream. */
async function copyAttempts({ manager, jetstream }: Broker, old: OldSubject, from: number, to: number): Promise<void> {
  const stage = stages.find((candidate) => topology[candidate].consumes.some((fact) => fact === old.fact));
  if (!stage || !old.lane || !(await infoOrNothing(() => manager.streams.info(`KV_${attemptsBucket}`)))) return;
  const key = `$KV.${attemptsBucket}.${durableOf(stage, old.lane)}`;
  const counted = await manager.streams.getMessage(`KV_${attemptsBucket}`, { last_by_subj: `${key}.${from}` });
  if (counted) await jetstream.publish(`${key}.${to}`, counted.data);
}
