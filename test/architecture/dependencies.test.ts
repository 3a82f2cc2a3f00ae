import { describe, expect, test } from "vitest";
import {
  handlersDoNotSeeTheQueue,
  importCycles,
  layersPointOneWay,
  onlyConfigReadsTheEnvironment,
  onlyTransportImportsNats,
  onlyVendorsFoldersImportVendors,
  type Rule,
  runtimeFoldersPointOneWay,
  servicesAreStrangers,
  vendorsDoNotWaitForThemselves,
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
    name: "contracts ← text ← models ← runtime ← client: the packages of shared depend one way",
    rule: layersPointOneWay,
    bad: [
      ["shared/contracts/src/a.ts", 'import { b } from "@nocp/text/b.ts";'],
      ["shared/contracts/src/a.ts", 'import type { B } from "@nocp/runtime/transport/b.ts";'],
      ["shared/text/src/a.ts", 'import { b } from "../../models/src/b.ts";'],
      ["shared/models/src/a.ts", 'import { b } from "@nocp/runtime/config/b.ts";'],
      ["shared/runtime/src/stage/a.ts", 'import { b } from "@nocp/act/handle.ts";'],
      ["shared/newcomer/src/a.ts", ""],
    ],
    good: [
      ["shared/runtime/src/stage/a.ts", 'import { b } from "@nocp/contracts/b.ts"; import { z } from "zod";'],
      ["shared/client/src/a.ts", 'import { b } from "@nocp/runtime/transport/b.ts";'],
    ],
  },
  {
    name: "config ← telemetry ← stores ← stage ← transport ← service: the folders of the runtime depend one way",
    rule: runtimeFoldersPointOneWay,
    bad: [
      ["shared/runtime/src/stage/a.ts", 'import type { B } from "../transport/b.ts";'],
      ["shared/runtime/src/stage/a.ts", 'import { b } from "../service/b.ts";'],
      ["shared/runtime/src/service/a.ts", 'import { b } from "../testing/b.ts";'],
      ["shared/runtime/src/newcomer/a.ts", ""],
    ],
    good: [
      ["shared/runtime/src/transport/a.ts", 'import { b } from "../stage/b.ts"; import { z } from "zod";'],
      ["shared/runtime/src/testing/a.ts", 'import { b } from "../service/b.ts";'],
    ],
  },
  {
    name: "services never import each other",
    rule: servicesAreStrangers,
    bad: [
      ["services/act/src/a.ts", 'import { b } from "@nocp/assess/b.ts";'],
      ["services/act/src/a.ts", 'import { b } from "../../assess/src/b.ts";'],
      ["services/act/src/a.ts", 'import { b } from "@nocp/cli/b.ts";'],
      ["services/gateway/src/a.ts", 'import { b } from "@nocp/assess/b.ts";'],
      ["services/gateway/src/hosted-work.ts", 'import { b } from "@nocp/act/b.ts";'],
      ["services/act/src/a.ts", 'import { stage } from "@nocp/assess/main.ts";'],
      ["services/chain/src/a.ts", 'import { b } from "@nocp/assess/b.ts";'],
    ],
    good: [
      ["services/act/src/a.ts", 'import { b } from "./b.ts"; import { c } from "@nocp/contracts/c.ts";'],
      ["services/gateway/src/hosted-work.ts", 'import { b } from "@nocp/assess/b.ts";'],
      ["services/gateway/src/hosted-work.ts", 'import { b } from "@nocp/llm-router/b.ts";'],
      ["services/chain/src/main.ts", 'import { stage } from "@nocp/assess/main.ts";'],
      ["services/gateway/src/main.ts", 'const { stages } = await import("@nocp/chain/main.ts");'],
    ],
  },
  {
    name: "handlers see neither the queue nor the runtime",
    rule: handlersDoNotSeeTheQueue,
    bad: [
      ["services/act/src/a.ts", 'import { connect } from "@nocp/runtime/transport/connect.ts";'],
      ["services/act/src/a.ts", 'import type { Broker } from "@nocp/runtime/transport/broker.ts";'],
      ["services/act/src/a.ts", 'import { defineStage } from "@nocp/runtime/stage/handler.ts";'],
      ["services/act/src/a.ts", 'import type { R } from "@nocp/runtime/service/run-stage-service.ts";'],
      ["services/act/src/a.ts", 'import { s } from "@nocp/runtime/testing/s.ts";'],
    ],
    good: [
      ["services/act/src/a.ts", 'import type { Handle } from "@nocp/runtime/stage/handler.ts";'],
      ["services/act/src/main.ts", 'import { run } from "@nocp/runtime/service/run-stage-service.ts";'],
    ],
  },
  {
    name: "only the transport and the test server import NATS",
    rule: onlyTransportImportsNats,
    bad: [
      ["shared/runtime/src/service/a.ts", 'import type { Msg } from "@nats-io/nats-core";'],
      ["shared/runtime/src/stage/a.ts", 'import type { Msg } from "@nats-io/nats-core";'],
      ["cli/src/a.ts", 'await import("@nats-io/transport-node");'],
      ["services/act/src/a.ts", 'import { connect } from "nats";'],
    ],
    good: [
      ["shared/runtime/src/transport/a.ts", 'import type { Msg } from "@nats-io/nats-core";'],
      ["shared/runtime/src/testing/a.ts", 'import { connect } from "@nats-io/transport-node";'],
    ],
  },
  {
    name: "only vendors' folders import the vendors' SDKs",
    rule: onlyVendorsFoldersImportVendors,
    bad: [
      ["services/llm-router/src/a.ts", 'import OpenAI from "openai";'],
      ["shared/models/src/a.ts", 'import OpenAI from "openai";'],
      ["services/act/src/a.ts", 'import type { T } from "openai/resources";'],
      ["services/llm-router/src/a.ts", 'await import("@anthropic-ai/sdk");'],
    ],
    good: [
      ["shared/models/src/vendors/openai/a.ts", 'import OpenAI from "openai";'],
      ["services/llm-router/src/a.ts", 'import { b } from "@nocp/models/vendors/openai/b.ts";'],
    ],
  },
  {
    name: "no vendor's folder waits for the table of all",
    rule: vendorsDoNotWaitForThemselves,
    bad: [["shared/models/src/vendors/openai/a.ts", 'import { vendors } from "../../vendor-table.ts";']],
    good: [
      ["shared/models/src/vendors/openai/a.ts", 'import { defineVendor } from "../../vendor.ts";'],
      ["shared/models/src/tokens/a.ts", 'import { vendors } from "../vendor-table.ts";'],
    ],
  },
  {
    name: "only config and main.ts read the environment",
    rule: onlyConfigReadsTheEnvironment,
    bad: [
      ["services/act/src/a.ts", "const key = process.env.KEY;"],
      ["shared/runtime/src/transport/a.ts", "const { env } = process;"],
      ["cli/src/commands/a.ts", 'const key = process["env"].KEY;'],
      ["cli/src/commands/a.ts", "run(`$" + "{process.env.KEY}`);"],
    ],
    good: [
      ["services/act/src/a.ts", '// process.env is not read here\nconst text = "process.env";'],
      ["services/act/src/main.ts", "const key = process.env.KEY;"],
      ["shared/runtime/src/config/a.ts", "const key = process.env.KEY;"],
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
