// What was returned for the messages of a conversation, so that the same comes back when it is sent again: vendors' caches of
// prompts hold only while its beginning stays the same to the last character.
import { createHash } from "node:crypto";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";
import { z } from "zod";
import type { CompressedMessage } from "./compress-body.ts";

export const compressSessionSchema = z.object({
  turns: z.array(z.object({ digest: z.string(), returned: z.record(z.string(), z.unknown()) })),
});
type CompressSession = z.infer<typeof compressSessionSchema>;

export interface CompressSessions {
  /** What was returned for as many of the first messages as are known. */
  replay(tenant: string, session: string, messages: readonly CompressedMessage[]): Promise<CompressedMessage[]>;
  keep(
    tenant: string,
    session: string,
    messages: readonly CompressedMessage[],
    returned: readonly CompressedMessage[],
  ): Promise<void>;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const digestOf = (message: CompressedMessage): string => sha256(writeJson(message));
/** A session is named by its client, with characters that no key may hold. */
const keyOf = (tenant: string, session: string): string => `${tenant}.${sha256(session)}`;

export const createCompressSessions = (records: RecordStore<CompressSession>): CompressSessions => ({
  async replay(tenant, session, messages) {
    const turns = (await records.get(keyOf(tenant, session)))?.turns ?? [];
    const unknown = messages.findIndex((message, at) => turns[at]?.digest !== digestOf(message));
    return turns.slice(0, unknown === -1 ? messages.length : unknown).map(({ returned }) => returned);
  },
  keep: (tenant, session, messages, returned) =>
    records.put(keyOf(tenant, session), {
      turns: messages.map((message, at) => ({ digest: digestOf(message), returned: returned[at] ?? message })),
    }),
});
