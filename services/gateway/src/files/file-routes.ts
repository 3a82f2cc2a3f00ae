// /v1/files, as OpenAI has it.
import { Readable } from "node:stream";
import multipart from "@fastify/multipart";
import type { FastifyReply, FastifyRequest } from "fastify";
import { refusal } from "../http-failure.ts";
import type { AddRoutes, RouteTools } from "../route-tools.ts";
import { type FileRecord, fileObject } from "./file-record.ts";
import type { Files } from "./files.ts";
import { pageOf } from "./list-page.ts";
import { readUpload } from "./read-upload.ts";

export interface FileRouteDependencies {
  readonly files: Files;
  readonly maxBytes: number;
}

export const fileRoutes =
  ({ files, maxBytes }: FileRouteDependencies): AddRoutes =>
  (app, tools) => {
    void app.register(multipart);
    const { accessOf } = tools;
    const found = async (
      request: FastifyRequest,
      reply: FastifyReply,
      answer: (file: FileRecord) => unknown,
    ): Promise<unknown> => {
      const file = await files.get(accessOf(request).tenant, idOf(request));
      return file ? answer(file) : missing(request, reply, tools);
    };
    tools.post("/v1/files", async (request) => fileObject(await readUpload(request, accessOf(request).tenant, files, maxBytes)));
    app.get("/v1/files", async (request) => {
      const { purpose } = request.query as { readonly purpose?: string };
      const all = await files.list(accessOf(request).tenant);
      return pageOf(request, all.filter((file) => purpose === undefined || file.purpose === purpose).map(fileObject));
    });
    app.get("/v1/files/:id", (request, reply) => found(request, reply, fileObject));
    app.get("/v1/files/:id/content", (request, reply) =>
      found(request, reply, (file) =>
        reply
          .header("content-disposition", `attachment; filename="${file.filename.replace(/[^\w.-]/g, "_")}"`)
          .header("content-length", file.bytes)
          .type("application/octet-stream")
          .send(Readable.from(files.read(file), { objectMode: false })),
      ),
    );
    app.delete("/v1/files/:id", async (request, reply) => {
      const isRemoved = await files.remove(accessOf(request).tenant, idOf(request));
      return isRemoved ? { id: idOf(request), object: "file", deleted: true } : missing(request, reply, tools);
    });
  };

const missing = (request: FastifyRequest, reply: FastifyReply, { refuse }: RouteTools): FastifyReply =>
  refuse(request, reply, refusal(404, "NOT_FOUND", `There is no file ${idOf(request).slice(0, 64)}.`));

const idOf = ({ params }: FastifyRequest): string => (params as { readonly id: string }).id;
