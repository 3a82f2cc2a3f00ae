// What the gateway remembers of earlier calls, kept in the broker for all its replicas.
import type { ServiceResources } from "@nocp/runtime/service/service-frame.ts";
import { openKeptAnswers } from "./kept-answers.ts";
import { createOwnRounds, ownRoundsSchema } from "./own-rounds.ts";

export const openCallMemory = async (records: ServiceResources["records"]) => ({
  answers: await openKeptAnswers(records),
  ownRounds: createOwnRounds(await records("own-rounds", ownRoundsSchema)),
});
