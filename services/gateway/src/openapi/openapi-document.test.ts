import { describe, expect, it } from "vitest";
import { openApiDocument } from "./openapi-document.ts";

// biome-ignore lint/suspicious/noExplicitAny: a document of any form
type Json = Readonly<Record<string, any>>;

const document = openApiDocument("1.2.3") as Json;

describe("the OpenAPI document", () => {
  it("has what is sent as the schemas that check it have it", () => {
    const { paths, info, openapi } = document;
    expect([openapi, info.version]).toEqual(["3.1.0", "1.2.3"]);
    const submit = paths["/nocp/v1/requests"].post;
    expect(JSON.stringify(submit.requestBody)).toContain('"maxCostUsd"');
    expect(Object.keys(submit.responses)).toEqual(["202", "default"]);
    expect(paths["/v1/compress"].post.requestBody.content["application/json"].schema.required).toEqual(["model"]);
  });

  it("names every parameter of a path", () => {
    for (const [path, methods] of Object.entries(document.paths as Json))
      for (const { parameters } of Object.values(methods as Json)) {
        const named = parameters.filter((parameter: Json) => parameter.in === "path").map(({ name }: Json) => `{${name}}`);
        expect([path, named]).toEqual([path, path.match(/\{\w+\}/g) ?? []]);
      }
  });

  it("can be written as JSON, and refers to nothing that is not in it", () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/components\/responses\/(\w+)"/g)].map(([, name]) => name);
    expect(new Set(references)).toEqual(new Set(Object.keys(document.components.responses)));
  });
});
