import { describe, expect, test } from "vitest";
import {
  handlersDoNotSeeTheQueue,
  importCycles,
  layersPointOneWay,
  onlyConfigReadsTheEnvironment,
  onlyMessagingImportsNats,
  onlyProvidersImportVendors,
  type Rule,
  servicesAreStrangers,
} from "./dependency-rules.ts";
import { readSourceFiles, sourceFile, sourceFolders } from "./source-file.ts";

const files = readSourceFiles(sourceFolders);

/** Each rule with files that break it, and files that only look as if they did. */
const rules: readonly {
  readonly name: string;
  readonly rule: Rule;
  readonly bad: readonly (readonly [path: string, text: string])[];
  readonly good: readonly (readonly [path: string, text: string])[];
}[] = [
  {
    name: "contracts ← errors ← messaging ← runtime: dependencies in shared point one way",
    rule: layersPointOneWay,
    bad: [
      ["shared/src/contracts/a.ts", 'import { b } from "../errors/b.ts";'],
      ["shared/src/contracts/a.ts", 'import type { B } from "../messaging/b.ts";'],
      ["shared/src/messaging/a.ts", 'import { b } from "@nocp/shared/runtime/b.ts";'],
      ["shared/src/runtime/a.ts", 'import { b } from "../testing/b.ts";'],
      ["shared/src/errors/a.ts", 'import { b } from "@nocp/act/handle.ts";'],
      ["shared/src/newcomer/a.ts", ""],
    ],
    good: [
      ["shared/src/messaging/a.ts", 'import { b } from "../contracts/b.ts"; import { z } from "zod";'],
      ["shared/src/testing/a.ts", 'import { b } from "../runtime/b.ts";'],
    ],
  },
  {
    name: "services never import each other",
    rule: servicesAreStrangers,
    bad: [
      ["services/act/src/a.ts", 'import { b } from "@nocp/assess/b.ts";'],
      ["services/act/src/a.ts", 'import { b } from "../../assess/src/b.ts";'],
      ["services/act/src/a.ts", 'import { b } from "@nocp/cli/b.ts";'],
    ],
    good: [["services/act/src/a.ts", 'import { b } from "./b.ts"; import { c } from "@nocp/shared/contracts/c.ts";']],
  },
  {
    name: "handlers see neither the queue nor the runtime",
    rule: handlersDoNotSeeTheQueue,
    bad: [
      ["services/act/src/a.ts", 'import { connect } from "@nocp/shared/messaging/connect.ts";'],
      ["services/act/src/a.ts", 'import type { R } from "@nocp/shared/runtime/run-stage-service.ts";'],
      ["services/act/src/a.ts", 'import { s } from "@nocp/shared/testing/s.ts";'],
    ],
    good: [
      ["services/act/src/a.ts", 'import type { Handle } from "@nocp/shared/messaging/handler.ts";'],
      ["services/act/src/main.ts", 'import { run } from "@nocp/shared/runtime/run-stage-service.ts";'],
    ],
  },
  {
    name: "only messaging and the test server import NATS",
    rule: onlyMessagingImportsNats,
    bad: [
      ["shared/src/runtime/a.ts", 'import type { Msg } from "@nats-io/nats-core";'],
      ["cli/src/a.ts", 'await import("@nats-io/transport-node");'],
      ["services/act/src/a.ts", 'import { connect } from "nats";'],
    ],
    good: [
      ["shared/src/messaging/a.ts", 'import type { Msg } from "@nats-io/nats-core";'],
      ["shared/src/testing/a.ts", 'import { connect } from "@nats-io/transport-node";'],
    ],
  },
  {
    name: "only providers import the vendors' SDKs",
    rule: onlyProvidersImportVendors,
    bad: [
      ["services/llm-router/src/a.ts", 'import OpenAI from "openai";'],
      ["services/act/src/a.ts", 'import type { T } from "openai/resources";'],
      ["services/llm-router/src/a.ts", 'await import("@anthropic-ai/sdk");'],
    ],
    good: [
      ["services/llm-router/src/providers/a.ts", 'import OpenAI from "openai";'],
      ["services/llm-router/src/a.ts", 'import { b } from "./providers/openai.ts";'],
    ],
  },
  {
    name: "only config and main.ts read the environment",
    rule: onlyConfigReadsTheEnvironment,
    bad: [
      ["services/act/src/a.ts", "const key = process.env.KEY;"],
      ["shared/src/messaging/a.ts", "const { env } = process;"],
      ["cli/src/commands/a.ts", 'const key = process["env"].KEY;'],
      ["cli/src/commands/a.ts", "run(`$" + "{process.env.KEY}`);"],
    ],
    good: [
      ["services/act/src/a.ts", '// process.env is not read here\nconst text = "process.env";'],
      ["services/act/src/main.ts", "const key = process.env.KEY;"],
      ["shared/src/config/a.ts", "const key = process.env.KEY;"],
    ],
  },
];

describe.each(rules)("$name", ({ rule, bad, good }) => {
  test.each(bad)("a file %s with %s breaks it", (path, text) => {
    expect(rule(sourceFile(path, text))).toHaveLength(1);
  });
  test.each(good)("a file %s with %s does not", (path, text) => {
    expect(rule(sourceFile(path, text))).toEqual([]);
  });
  test("no file of the project breaks it", () => {
    expect(files.flatMap(rule)).toEqual([]);
  });
});

describe("no file imports itself by way of others", () => {
  test("a cycle is found, through any number of files, and told once", () => {
    const ring = [
      sourceFile("a/src/a.ts", 'import "./b.ts";'),
      sourceFile("a/src/b.ts", 'import type { C } from "./c.ts";'),
      sourceFile("a/src/c.ts", 'export * from "./a.ts";'),
      sourceFile("a/src/d.ts", 'import "./a.ts"; import "./c.ts";'),
    ];
    expect(importCycles(ring)).toEqual(["a/src/a.ts → a/src/b.ts → a/src/c.ts → a/src/a.ts"]);
    expect(importCycles(ring.filter(({ path }) => path !== "a/src/c.ts"))).toEqual([]);
  });
  test("there is none in the project", () => {
    expect(importCycles(files)).toEqual([]);
  });
});

test("the rules look at every part of the project", () => {
  for (const folder of sourceFolders)
    expect(
      files.some(({ path }) => path.startsWith(folder)),
      folder,
    ).toBe(true);
});
