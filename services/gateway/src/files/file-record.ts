// A file of a tenant: what is known of it, and where its content is.
import { randomBytes } from "node:crypto";
import { z } from "zod";

export const fileRecordSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  filename: z.string(),
  purpose: z.string(),
  bytes: z.int().nonnegative(),
  /** Milliseconds since the epoch. */
  createdAt: z.number(),
  expiresAt: z.number(),
  /** For each chunk of the content, in how many parts it is stored. */
  chunks: z.array(z.int().positive()),
});
export type FileRecord = z.infer<typeof fileRecordSchema>;

const fileIdPattern = /^file-[0-9a-f]{32}$/;
export const createFileId = (): string => `file-${randomBytes(16).toString("hex")}`;

/** Key of the record, and owner and name of its chunks. @returns undefined for what is no file's id. */
export const fileKey = (tenant: string, id: string): string | undefined =>
  fileIdPattern.test(id) ? `${tenant}.${id}` : undefined;

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

/** As OpenAI's clients see it. */
export const fileObject = ({ id, bytes, createdAt, expiresAt, filename, purpose }: FileRecord) => ({
  ...{ id, object: "file", bytes, created_at: seconds(createdAt), expires_at: seconds(expiresAt), filename, purpose },
  status: "processed",
});
