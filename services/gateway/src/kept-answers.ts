// Answers that later calls may follow: kept in the broker, so that any replica knows them.
import type { Conversation, StoredAnswer } from "@nocp/models/server-api.ts";
import { responsesConversation } from "@nocp/models/vendors/openai/responses-conversation.ts";
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";
import { z } from "zod";

/** An answer that was deleted leaves its name behind and nothing else. */
const keptAnswerSchema = z.union([
  z.object({ input: z.array(z.unknown()), answer: z.record(z.string(), z.unknown()) }),
  z.object({ isDeleted: z.literal(true) }),
]);
export type KeptAnswer = z.infer<typeof keptAnswerSchema>;

export interface KeptAnswers {
  /** @returns undefined for an id that is none, or names nothing that is kept. */
  get(tenant: string, id: string): Promise<StoredAnswer | undefined>;
  put(tenant: string, id: string, answer: StoredAnswer): Promise<void>;
  /** @returns whether there was anything. */
  remove(tenant: string, id: string): Promise<boolean>;
}

/** Those of the Responses API; the other APIs keep nothing. */
export const openKeptAnswers = async (
  records: (bucket: string, schema: typeof keptAnswerSchema) => Promise<RecordStore<KeptAnswer>>,
): Promise<KeptAnswers> => createKeptAnswers(await records("responses", keptAnswerSchema), responsesConversation);

/** @param idPattern keeps anything else from becoming a part of a subject. */
function createKeptAnswers(records: RecordStore<KeptAnswer>, { idPattern }: Pick<Conversation, "idPattern">): KeptAnswers {
  const get = async (tenant: string, id: string): Promise<StoredAnswer | undefined> => {
    const kept = idPattern.test(id) ? await records.get(`${tenant}.${id}`) : undefined;
    return kept === undefined || "isDeleted" in kept ? undefined : kept;
  };
  return {
    get,
    put: (tenant, id, { input, answer }) => records.put(`${tenant}.${id}`, { input: [...input], answer: { ...answer } }),
    async remove(tenant, id) {
      if ((await get(tenant, id)) === undefined) return false;
      await records.put(`${tenant}.${id}`, { isDeleted: true });
      return true;
    },
  };
}
