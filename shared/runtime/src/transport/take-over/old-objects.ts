// Reads what the release before tenants kept in JetStream's object store:
// https://github.com/nats-io/nats-architecture-and-design/blob/main/adr/ADR-20.md
import type { JetStreamManager, StoredMsg } from "@nats-io/jetstream";
import { z } from "zod";
import { infoOrNothing } from "../stored-info.ts";

export const objectStream = (bucket: string): string => `OBJ_${bucket}`;

const metaSchema = z.object({ nuid: z.string(), size: z.int(), deleted: z.boolean().optional() });

/** @returns `undefined` when it is not there, or not whole. */
export async function readOldObject(manager: JetStreamManager, bucket: string, name: string): Promise<Uint8Array | undefined> {
  const stream = objectStream(bucket);
  if (!(await infoOrNothing(() => manager.streams.info(stream)))) return undefined;
  const meta = await manager.streams.getMessage(stream, { last_by_subj: `$O.${bucket}.M.${paddedBase64Url(name)}` });
  const parsed = metaSchema.safeParse(meta?.json());
  if (!parsed.success || parsed.data.deleted) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const { data } of messagesOn(manager, stream, `$O.${bucket}.C.${parsed.data.nuid}`)) chunks.push(data);
  const body = Buffer.concat(chunks);
  return body.byteLength === parsed.data.size ? body : undefined;
}

/** Everything that a stream has on a subject, in order, one by one. */
export async function* messagesOn(manager: JetStreamManager, stream: string, subject: string): AsyncGenerator<StoredMsg> {
  let from = 1;
  for (;;) {
    // The server knows `next_by_subj` here, the client's types do not.
    const next: { readonly seq: number; readonly next_by_subj: string } = { seq: from, next_by_subj: subject };
    const found = await manager.streams.getMessage(stream, next);
    if (!found) return;
    yield found;
    from = found.seq + 1;
  }
}

/** As object stores name their entries. */
function paddedBase64Url(text: string): string {
  const encoded = Buffer.from(text).toString("base64url");
  return encoded.padEnd(Math.ceil(encoded.length / 4) * 4, "=");
}
