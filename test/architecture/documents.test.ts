// docs/ and the code say the same, in both directions.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { referenceDocuments } from "@nocp/cli/export-docs.ts";
import { findSections } from "@nocp/cli/reference/configuration.ts";
import { subjectRows } from "@nocp/cli/reference/messages.ts";
import { exportDocuments, staleDocuments } from "@nocp/cli/reference/reference-document.ts";
import { exportSchemas, schemaDocuments } from "@nocp/cli/reference/schemas.ts";
import { errorCatalogue } from "@nocp/contracts/errors/catalogue.ts";
import { warningCatalogue } from "@nocp/contracts/errors/warning-catalogue.ts";
import { requestSchema } from "@nocp/contracts/request.ts";
import { environmentName } from "@nocp/contracts/settings/setting.ts";
import { durableFilter, lanes, stages, topology } from "@nocp/contracts/topology.ts";
import type { Ajv2020 as Ajv2020Class } from "ajv/dist/2020.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readSourceFiles, root, serviceFolders, sourceFolders } from "./source-file.ts";

const require = createRequire(import.meta.url);
const { Ajv2020 } = require("ajv/dist/2020.js") as { Ajv2020: typeof Ajv2020Class };
const addFormats = require("ajv-formats") as (ajv: Ajv2020Class) => void;

const docs = join(root, "docs");
const documents = await referenceDocuments(root);
const pageOf = (fileName: string): string => readFileSync(join(docs, fileName), "utf8");
/** The first cell of every row, without backticks. */
const firstCells = (fileName: string): string[] =>
  [...pageOf(fileName).matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell]) => cell!).sort();

test.each(documents.map((document) => [document.fileName, document] as const))(
  "docs/%s is what the code makes of it (if not: ./nocp docs)",
  (fileName, { text }) => {
    expect(pageOf(fileName)).toBe(text);
  },
);

describe("a page that is out of date", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nocp-docs-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("is noticed whether it is absent, shorter, or longer, and corrected by exporting", () => {
    const pages = [
      { fileName: "a.md", text: "a\nb\n" },
      { fileName: "b.md", text: "b\n" },
    ];
    expect(staleDocuments(pages, folder)).toEqual(["a.md", "b.md"]);
    exportDocuments(pages, folder);
    expect(staleDocuments(pages, folder)).toEqual([]);
    for (const changed of ["a\n", "a\nb\nc\n"]) {
      writeFileSync(join(folder, "a.md"), changed);
      expect(staleDocuments(pages, folder)).toEqual(["a.md"]);
      expect(exportDocuments(pages, folder)).toEqual(["a.md"]);
    }
  });

  test("schemas come out the same each time", () => {
    expect(exportSchemas(folder)).toHaveLength(schemaDocuments().length);
    expect(exportSchemas(folder)).toEqual([]);
  });
});

test("docs/errors.md has every code of the catalogue, and no other", () => {
  expect(firstCells("errors.md")).toEqual(Object.keys(errorCatalogue).sort());
});

test("docs/warnings.md has every code of the catalogue, and no other", () => {
  expect(firstCells("warnings.md")).toEqual(Object.keys(warningCatalogue).sort());
});

test("every warning that the services make is of the catalogue, and every one of the catalogue is made", () => {
  const made = readSourceFiles(sourceFolders).flatMap(({ text }) =>
    [...text.matchAll(/\bwarningOf\(\s*"([A-Z_]+)"/g)].map(([, code]) => code!),
  );
  expect([...new Set(made)].sort()).toEqual(Object.keys(warningCatalogue).sort());
});

test("docs/configuration.md has every setting that any file declares, and no other", async () => {
  const sections = await findSections(root);
  const paths = sections.flatMap(({ name, settings }) => Object.keys(settings).map((key) => `${name}.${key}`));
  expect(firstCells("configuration.md")).toEqual(paths.sort());
  const declared = readSourceFiles(sourceFolders).flatMap(({ text }) =>
    [...text.matchAll(/\bdefineSection\(\s*"([^"]+)"/g)].map(([, name]) => name!),
  );
  expect(sections.map(({ name }) => name)).toEqual(expect.arrayContaining(declared));
  expect(declared.length).toBeGreaterThan(5);
});

test("a setting is a secret when its name says so, and the document has no default of it", async () => {
  const named = (await findSections(root)).flatMap(({ name, settings }) =>
    Object.entries(settings).flatMap(([key, { secret, default: value }]) =>
      typeof value !== "boolean" &&
      /(^|[a-z])(key|keys|token|secret|password|passphrase|credentials|headers?|authorization)$/i.test(key)
        ? [{ path: `${name}.${key}`, secret }]
        : [],
    ),
  );
  expect(named.filter(({ secret }) => secret !== true).map(({ path }) => path)).toEqual([]);
  expect(named.length).toBeGreaterThan(5);
  const rows = readFileSync(join(root, "docs/configuration.md"), "utf8").split("\n");
  for (const { path } of named) expect(rows.find((row) => row.startsWith(`| \`${path}\``))).toContain("none (secret)");
});

test("no two settings are set by one variable", async () => {
  const names = (await findSections(root)).flatMap(({ name, settings }) =>
    Object.entries(settings).flatMap(([key, { aliases }]) => [environmentName(name, key), ...(aliases ?? [])]),
  );
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test("docs/metrics.md has every metric that any file names, and no other", () => {
  const registered =
    /(?:\bname:|\b(?:counter|histogram|gauge|boundedCounter|boundedHistogram)\()\s*"((?:nocp|gen_ai)_[a-z0-9_]+)"/g;
  const named = readSourceFiles(["shared", ...serviceFolders]).flatMap(({ text }) =>
    [...text.matchAll(registered)].map(([, name]) => name!),
  );
  expect(firstCells("metrics.md")).toEqual([...new Set(named)].sort());
});

describe("docs/messages.md", () => {
  test("has every subject of the topology, and no other", () => {
    expect(firstCells("messages.md").filter((cell) => cell.startsWith("nocp."))).toEqual(
      subjectRows()
        .map(({ subject }) => subject)
        .sort(),
    );
  });
  test("every fact that a stage consumes has a row that says so, in its stream, under its durables' filters", () => {
    for (const stage of stages) {
      for (const fact of topology[stage].consumes) {
        const row = subjectRows().find(({ subject }) => subject.startsWith(`nocp.v2.${fact}.`));
        expect(row?.consumers).toContain(stage);
        expect(row?.stream).toBe(topology[stage].stream);
        for (const lane of lanes) {
          const pattern = durableFilter(stage, lane).replaceAll(".", "\\.").replaceAll("*", "[^.]+");
          expect(row?.subject.replace("<lane>", lane)).toMatch(new RegExp(`^${pattern}$`));
        }
      }
    }
  });
  test("every schema it names is a file of docs/, and every schema file is named", () => {
    const named = [...new Set(subjectRows().flatMap(({ schemaFile }) => (schemaFile ? [schemaFile] : [])))];
    expect(named.sort()).toEqual(
      schemaDocuments()
        .map(({ fileName }) => fileName)
        .sort(),
    );
  });
});

describe("the JSON Schemas", () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats(ajv);
  const validators = new Map(schemaDocuments().map(({ fileName, text }) => [fileName, ajv.compile(JSON.parse(text))]));

  test("say what they are", () => {
    for (const { text } of schemaDocuments()) {
      expect(JSON.parse(text)).toMatchObject({
        $id: expect.stringMatching(/^urn:nocp:v1:/),
        title: expect.any(String),
        description: expect.any(String),
      });
    }
  });

  test.each([
    [true, { query: "Why?" }],
    [true, { messages: [{ role: "user", text: "Why?" }], lane: "batch", documents: [{ text: "Because." }] }],
    [false, { query: "Why?", unheardOf: 1 }],
    [false, { query: "Why?", routing: { modle: "x" } }],
    [false, { query: 7 }],
    [false, { query: "Why?", session: { id: "../../etc" } }],
    [false, { query: "Why?", limits: { timeoutMs: -1 } }],
    [false, { query: "Why?", requestId: "1" }],
  ])("request.schema.json and the code agree (%s) on %j", (valid, request) => {
    expect(requestSchema.safeParse(request).success).toBe(valid);
    expect(validators.get("request.schema.json")?.(request)).toBe(valid);
  });

  test("what readers get may hold a newer sender's fields, what callers send may not", () => {
    const delta = { requestId: "r", attempt: 1, sequence: 0, text: "a", done: false };
    expect(validators.get("delta.schema.json")?.({ ...delta, addedLater: true })).toBe(true);
    expect(validators.get("delta.schema.json")?.({ ...delta, text: 1 })).toBe(false);
  });
});
