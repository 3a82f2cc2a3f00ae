// Everything that the gateway serves beside vendors' chats, on the stores of the deployment.
import type { ArchiveStore } from "@nocp/runtime/stores/archive/archive-store.ts";
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";
import type { z } from "zod";
import type { Compression } from "./compress/compress-messages.ts";
import { compressRoutes } from "./compress/compress-routes.ts";
import { compressSessionSchema, createCompressSessions } from "./compress/compress-sessions.ts";
import type { AddRoutes } from "./route-tools.ts";

export interface RouteResources {
  records<T>(bucket: string, schema: z.ZodType<T>): Promise<RecordStore<T>>;
  readonly archive: ArchiveStore;
  readonly openCompression: () => Promise<Compression>;
}

export async function openRoutes({ records, archive, openCompression }: RouteResources): Promise<AddRoutes[]> {
  const sessions = createCompressSessions(await records("compressions", compressSessionSchema));
  return [compressRoutes({ compression: openCompression, sessions, archive })];
}
