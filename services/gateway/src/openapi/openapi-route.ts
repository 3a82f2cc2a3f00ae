// GET /nocp/v1/openapi.json
import { serviceVersion } from "@nocp/runtime/telemetry/build-info.ts";
import type { AddRoutes } from "../route-tools.ts";
import { withoutKey } from "../without-key.ts";
import { openApiDocument } from "./openapi-document.ts";

/** Made when it is first asked for. */
export const openApiRoute: AddRoutes = (app) => {
  let document: object | undefined;
  app.get("/nocp/v1/openapi.json", withoutKey, () => {
    document ??= openApiDocument(serviceVersion);
    return document;
  });
};
