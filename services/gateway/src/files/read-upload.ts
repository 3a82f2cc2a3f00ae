// A file in a form, as OpenAI's clients send it: read as it comes, never held as a whole.
import type { Multipart, MultipartFile } from "@fastify/multipart";
import { InvalidField } from "@nocp/models/server-api.ts";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { FileRecord } from "./file-record.ts";
import type { Files, NewFile, WrittenContent } from "./files.ts";

/** What files are for here. */
const purposes = ["batch", "user_data"];
const secondsSchema = z.coerce.number().pipe(
  z
    .int()
    .min(3600)
    .max(30 * 86_400),
);

/** Fields may stand before the file or after it, as the client writes them. @throws InvalidField */
export async function readUpload(request: FastifyRequest, tenant: string, files: Files, maxBytes: number): Promise<FileRecord> {
  if (!request.isMultipart()) throw new InvalidField("body", "must be a form (multipart/form-data) with purpose and file");
  const fields: Record<string, unknown> = {};
  let sent: { readonly filename: string; readonly content: WrittenContent } | undefined;
  try {
    for await (const part of partsOf(request, { fileSize: maxBytes, files: 1, fields: 10, fieldSize: 1000 })) {
      if (part.type === "field") fields[part.fieldname] = part.value;
      else if (part.fieldname !== "file") throw new InvalidField(part.fieldname, "is no field of this form");
      else {
        // What is wrong already need not wait for 200 MB.
        if (fields.purpose !== undefined) readFields(fields);
        sent = { filename: part.filename, content: await files.write(tenant, whole(part, maxBytes)) };
      }
    }
    if (sent === undefined) throw new InvalidField("file", "is missing");
    return await files.add(tenant, { filename: sent.filename, ...readFields(fields) }, sent.content);
  } catch (error) {
    if (sent !== undefined) await files.discard(tenant, sent.content).catch(() => undefined);
    throw error;
  }
}

/** @throws InvalidField for what is no form. */
async function* partsOf(request: FastifyRequest, limits: object): AsyncIterable<Multipart> {
  const parts = request.parts({ limits })[Symbol.asyncIterator]();
  for (;;) {
    const next = await parts.next().catch((error: unknown) => {
      throw isTooLarge(error) ? error : new InvalidField("body", "is no valid form (multipart/form-data)");
    });
    if (next.done) return;
    yield next.value;
  }
}

/** Of the parser, with a status of its own. */
const isTooLarge = (error: unknown): boolean => (error as { readonly statusCode?: unknown }).statusCode === 413;

/** @throws InvalidField */
function readFields(fields: Readonly<Record<string, unknown>>): Pick<NewFile, "purpose" | "keptMs"> {
  const { purpose } = fields;
  if (typeof purpose !== "string" || !purposes.includes(purpose))
    throw new InvalidField("purpose", `must be one of ${purposes.join(", ")}`);
  const kept = fields["expires_after[seconds]"];
  const keptSeconds = kept === undefined ? undefined : secondsSchema.safeParse(kept);
  if (keptSeconds?.success === false) throw new InvalidField("expires_after[seconds]", "must be between an hour and 30 days");
  return { purpose, keptMs: keptSeconds === undefined ? undefined : keptSeconds.data * 1000 };
}

/** @throws InvalidField after a file that was cut off. */
async function* whole({ file }: MultipartFile, maxBytes: number): AsyncIterable<Uint8Array> {
  try {
    for await (const piece of file) yield piece as Buffer;
  } catch {
    throw new InvalidField("file", "ended before its end");
  }
  if (file.truncated) throw new InvalidField("file", `is larger than ${maxBytes} bytes`);
}
