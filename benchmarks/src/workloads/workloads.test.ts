import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requestSchema } from "@nocp/contracts/request.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFactFinder } from "../measurement/find-facts.ts";
import { createGroups, workloads } from "./create-groups.ts";
import { loadUserCases } from "./load-user-cases.ts";
import { createPages } from "./passages.ts";
import { createRandom } from "./random.ts";
import { type CaseContext, sizes } from "./workload.ts";

const names = workloads.map(({ name }) => name);
const selection = { workloads: names, sizes, casesPerGroup: 8, seed: "test" };
const groups = createGroups(selection);
const cases = groups.flatMap((group) => group.cases);

const textOf = ({ documents = [], turns = [], files = [], tables = [] }: CaseContext): string =>
  [
    ...documents.map(({ title, text }) => `${title}\n${text}`),
    ...turns.flat().map(({ text }) => text),
    ...files.map(({ value }) => JSON.stringify(value)),
    ...tables.map(({ rows }) => JSON.stringify(rows)),
  ].join("\n");

describe("the seed workloads", () => {
  it("are the same for the same seed, and others for another", () => {
    expect(createGroups(selection)).toEqual(groups);
    expect(createGroups({ ...selection, seed: "other" })).not.toEqual(groups);
  });

  it("do not change a group when another is left out", () => {
    const [alone] = createGroups({ ...selection, workloads: ["database"], sizes: ["medium"] });
    expect(alone).toEqual(groups.find(({ workload, size }) => workload === "database" && size === "medium"));
  });

  it("cover every workload in every size, with several kinds of questions", () => {
    expect(groups).toHaveLength(names.length * sizes.length);
    for (const group of groups) expect(new Set(group.cases.map(({ kind }) => kind)).size, group.workload).toBeGreaterThan(2);
  });

  it.each(cases.map((one) => [one.id, one] as const))(
    "%s: what the answer needs stands in the raw data, not in the question",
    (_id, one) => {
      const standsInContext = createFactFinder(textOf(one.context));
      const standsInQuestion = createFactFinder(one.query);
      expect(one.needs.length).toBeGreaterThan(0);
      for (const need of one.needs) {
        expect(standsInContext(need), need).toBe(true);
        expect(standsInQuestion(need), need).toBe(false);
      }
    },
  );

  it.each(cases.filter(({ table }) => table).map((one) => [one.id, one] as const))(
    "%s: the table of its answer holds what it needs",
    (_id, one) => {
      const stands = createFactFinder(JSON.stringify(one.table));
      expect(one.table!.length).toBeGreaterThan(0);
      expect(one.needs.filter((need) => !stands(need))).toEqual([]);
      const standsInData = createFactFinder(textOf(one.context));
      expect(one.table!.flatMap((row) => Object.values(row)).filter((value) => !standsInData(String(value)))).toEqual([]);
    },
  );

  it("have the sizes that they say", () => {
    const context = (workload: string, size: string) =>
      groups.find((group) => group.workload === workload && group.size === size)!.cases[0]!.context;
    expect(["small", "medium", "large"].map((size) => context("retrieval", size).documents!.length)).toEqual([10, 50, 200]);
    expect(["small", "medium", "large"].map((size) => context("conversation", size).turns!.length)).toEqual([10, 50, 200]);
    expect(context("database", "small").tables!.map(({ rows }) => rows.length)).toEqual([20, 30, 15]);
    expect(context("database", "large").tables!.map(({ rows }) => rows.length)).toEqual([500, 1000, 400]);
    expect(context("api-calls", "large").files!.map(({ value }) => (value as { data: unknown[] }).data.length)).toEqual([
      100, 200,
    ]);
  });

  it("go on making new documents when the simple names and numbers have run out", () => {
    const pages = createPages(3000, createRandom("many"));
    expect(new Set(pages.map(({ subject }) => subject)).size).toBe(3000);
  });
});

describe("whether a fact stands in a text", () => {
  it.each([
    ["costs 1,204 euros", "1204", false],
    ["costs 1,204 euros", "1,204", true],
    ['{"id":"ORD-104"}', "ORD-104", true],
    ['{"id":"ORD-1042"}', "ORD-104", false],
    ["total: 31204.5", "1204.5", false],
    ["Written by Ann-Marie.", "ann marie", true],
    ["東京都に住む", "京都", true],
    ["anything", "…", false],
  ])("%j holds %j: %s", (text, fact, expected) => expect(createFactFinder(text)(fact)).toBe(expected));
});

describe("a user's own cases", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nocp-own-cases-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, ...lines: readonly unknown[]) =>
    writeFileSync(join(folder, name), lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"));
  const items = [
    { kind: "document", id: "d", title: "T", text: "A fact." },
    { kind: "message", id: "m", role: "Professor E", text: "Hello.", at: "yesterday" },
    { kind: "tool", id: "t", name: "orders", data: [{ id: 1 }] },
  ];

  it("become a group a file, with what they need named in either way", () => {
    write("b.jsonl", { id: 1, query: "q", items, needs: ["x"] }, "", { id: 2, query: "q", items, gold: { answers: ["y", "z"] } });
    write(
      "a.jsonl",
      { id: 3, query: "q", items, gold: { answers: ["y"] }, all: true },
      { id: 4, items, gold: { evidence: ["e"] } },
      { id: 5, query: "q", items },
    );
    const [a, b] = loadUserCases(folder, undefined);
    expect([a?.size, b?.size]).toEqual(["a", "b"]);
    expect(b?.cases.map(({ needs, enough }) => [needs, enough])).toEqual([
      [["x"], "all"],
      [["y", "z"], "any"],
    ]);
    expect(a?.cases.map(({ needs, enough }) => [needs, enough])).toEqual([
      [["y"], "all"],
      [["e"], "all"],
      [[], "all"],
    ]);
    expect(a?.cases[1]?.query).not.toBe("");
  });

  it("make a valid request of every kind of item", () => {
    write("a.jsonl", { id: 1, query: "q", items });
    const { query, context } = loadUserCases(folder, undefined)[0]!.cases[0]!;
    expect(requestSchema.safeParse({ query, documents: context.documents, messages: context.messages }).error).toBeUndefined();
    expect(context.messages).toEqual([{ role: "user", name: "Professor E", text: "Hello." }]);
    expect(context.files).toEqual([{ name: "orders", value: [{ id: 1 }] }]);
  });

  it("keep what a line says of its size, and the digits of its numbers", () => {
    const sized = { targetRatio: 0.5, maxTokens: 100, recallFloor: 0.9, model: "gpt-4o" };
    const line = JSON.stringify({ id: 1, query: null, items, ...sized }).replace(
      '"data":[{"id":1}]',
      '"data":[{"id":1234567890123456789}]',
    );
    write("a.jsonl", `\uFEFF${line}`);
    const [loaded] = loadUserCases(folder, undefined)[0]!.cases;
    expect(loaded).toMatchObject(sized);
    expect(loaded?.context.files).toEqual([{ name: "orders", value: [{ id: "1234567890123456789" }] }]);
  });

  it("are limited for each file", () => {
    write("a.jsonl", { id: 1, query: "q", items }, { id: 2, query: "q", items });
    expect(loadUserCases(folder, 1)[0]?.cases).toHaveLength(1);
  });

  it("that are wrong are named by file and line", () => {
    expect(() => loadUserCases(folder, undefined)).toThrow(/holds no .jsonl file/);
    expect(() => loadUserCases(join(folder, "none"), undefined)).toThrow(/cannot read the folder/);
    write("a.jsonl", { id: 1, query: "q", items }, "{");
    expect(() => loadUserCases(folder, undefined)).toThrow(/a\.jsonl:2 is not JSON/);
    write("a.jsonl", { id: 1, query: "q", items, wants: [] });
    expect(() => loadUserCases(folder, undefined)).toThrow(/a\.jsonl:1.*wants/);
  });
});
