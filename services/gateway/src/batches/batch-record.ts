// A batch of a tenant: what was asked for, and how far it is.
//
// validating → in_progress → finalizing → completed; validating → failed; in_progress → cancelling → cancelled;
// in_progress → expired. The last ones of each chain are ends.
import { randomBytes } from "node:crypto";
import { gatewayCompressionModes } from "@nocp/contracts/gateway-key.ts";
import { payloadModes } from "@nocp/contracts/payload-mode.ts";
import { lanes } from "@nocp/contracts/topology.ts";
import { z } from "zod";

export const batchStatuses = [
  ...(["validating", "failed", "in_progress", "finalizing", "completed"] as const),
  ...(["expired", "cancelling", "cancelled"] as const),
] as const;
export type BatchStatus = (typeof batchStatuses)[number];

const outputSchema = z.object({ id: z.string(), bytes: z.int(), chunks: z.array(z.int()) });
export type BatchOutput = z.infer<typeof outputSchema>;

export const batchRecordSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  endpoint: z.string(),
  inputFileId: z.string(),
  status: z.enum(batchStatuses),
  metadata: z.record(z.string(), z.string()).nullable(),
  /** What the key that made it allows. */
  access: z.object({
    models: z.array(z.string()),
    lanes: z.array(z.enum(lanes)),
    compression: z.enum(gatewayCompressionModes).nullable(),
    payloads: z.enum(payloadModes).optional(),
  }),
  errors: z.array(z.object({ code: z.string(), message: z.string(), line: z.int().nullable(), param: z.string().nullable() })),
  /** Milliseconds since the epoch, of each status it has had. */
  since: z.partialRecord(z.enum(batchStatuses), z.number()),
  expiresAt: z.number(),
  counts: z.object({ total: z.int(), completed: z.int(), failed: z.int() }),
  /** Lines of which the answers are in the output. */
  finishedLines: z.int(),
  output: outputSchema,
  failures: outputSchema,
});
export type BatchRecord = z.infer<typeof batchRecordSchema>;

const batchIdPattern = /^batch_[0-9a-f]{32}$/;
export const createBatchId = (): string => `batch_${randomBytes(16).toString("hex")}`;

/** @returns undefined for what is no batch's id. */
export const batchKey = (tenant: string, id: string): string | undefined =>
  batchIdPattern.test(id) ? `${tenant}.${id}` : undefined;

const ends: readonly BatchStatus[] = ["failed", "completed", "expired", "cancelled"];
export const hasEnded = ({ status }: Pick<BatchRecord, "status">): boolean => ends.includes(status);

const seconds = (milliseconds: number | undefined): number | null =>
  milliseconds === undefined ? null : Math.floor(milliseconds / 1000);

/** As OpenAI's clients see it. */
export function batchObject({ since, output, failures, errors, ...batch }: BatchRecord) {
  const fileOf = ({ id, bytes }: BatchOutput) => (hasEnded(batch) && bytes > 0 ? id : null);
  return {
    id: batch.id,
    object: "batch",
    endpoint: batch.endpoint,
    errors: errors.length === 0 ? null : { object: "list", data: errors },
    input_file_id: batch.inputFileId,
    completion_window: "24h",
    status: batch.status,
    output_file_id: fileOf(output),
    error_file_id: fileOf(failures),
    created_at: seconds(since.validating),
    in_progress_at: seconds(since.in_progress),
    expires_at: seconds(batch.expiresAt),
    finalizing_at: seconds(since.finalizing),
    completed_at: seconds(since.completed),
    failed_at: seconds(since.failed),
    expired_at: seconds(since.expired),
    cancelling_at: seconds(since.cancelling),
    cancelled_at: seconds(since.cancelled),
    request_counts: batch.counts,
    metadata: batch.metadata,
  };
}
