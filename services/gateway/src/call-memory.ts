// What the gateway remembers of earlier calls, kept in the broker for all its replicas.
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";
import type { z } from "zod";
import { openKeptAnswers } from "./kept-answers.ts";
import { createOwnRounds, ownRoundsSchema } from "./own-rounds.ts";

type OpenRecords = <T>(bucket: string, schema: z.ZodType<T>) => Promise<RecordStore<T>>;

export const openCallMemory = async (records: OpenRecords) => ({
  answers: await openKeptAnswers(records),
  ownRounds: createOwnRounds(await records("own-rounds", ownRoundsSchema)),
});
