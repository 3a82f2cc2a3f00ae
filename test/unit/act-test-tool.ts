// Tools and registries for the tests of act.

import { type ArchiveReader, missingBundle } from "@nocp/shared/archive/archive-store.ts";
import pLimit from "p-limit";
import { z } from "zod";
import { type ActSettings, actSection } from "../../services/act/src/config.ts";
import { createResultCache } from "../../services/act/src/result-cache.ts";
import { createRunTools, type RunTools } from "../../services/act/src/run-tools.ts";
import { defineTool, type Tool, type ToolContext } from "../../services/act/src/tool.ts";
import { createToolRegistry, type ToolRegistry } from "../../services/act/src/tool-registry.ts";

/** A tool that takes anything. */
export const testTool = (name: string, run: Tool["run"], overrides: Partial<Tool> = {}): Tool => ({
  ...defineTool({
    name,
    description: `The test tool ${name}.`,
    arguments: z.looseObject({}) as z.ZodType<unknown>,
    example: {},
    timeoutMs: 5000,
    idempotent: false,
    run,
  }),
  ...overrides,
});

type WithoutArchive = (...args: Parameters<RunTools> extends [...infer Rest, ArchiveReader] ? Rest : never) => void;

export interface TestTools {
  readonly registry: ToolRegistry;
  /** With an empty archive unless one is given. */
  readonly runTools: (...args: [...Parameters<WithoutArchive>, archive?: ArchiveReader]) => ReturnType<RunTools>;
  /** The waits between attempts, in milliseconds; none is really waited. */
  readonly waitsMs: number[];
}

export function createTestTools(
  tools: readonly Tool[],
  overrides: { maxResultBytes?: number; concurrency?: number } = {},
): TestTools {
  const registry = createToolRegistry(tools, () => ({}));
  const waitsMs: number[] = [];
  const runTools = createRunTools({
    registry,
    limits: { retryBaseMs: 100, retryMaxMs: 1000, maxResultBytes: overrides.maxResultBytes ?? 1_000_000 },
    cache: createResultCache(1_000_000),
    deadlineShare: 0.5,
    limit: pLimit(overrides.concurrency ?? 8),
    random: () => 0.5,
    sleep: async (delayMs) => {
      waitsMs.push(delayMs);
    },
  });
  return {
    registry,
    runTools: (calls, step, context, archive = emptyArchive) => runTools(calls, step, context, archive),
    waitsMs,
  };
}

const settings: ActSettings = Object.fromEntries(
  Object.entries(actSection.settings).map(([key, { default: value }]) => [key, value]),
) as unknown as ActSettings;

/** An archive in which nothing was put. */
export const emptyArchive: ArchiveReader = {
  get: async (reference) => {
    throw missingBundle(reference);
  },
  list: async () => [],
};

/** What one of act's own tools is given: the default settings but for those named here. */
export const actTestContext = (
  changed: Partial<ActSettings> = {},
  overrides: Partial<ToolContext<ActSettings>> = {},
): ToolContext<ActSettings> => ({
  settings: { ...settings, ...changed },
  signal: new AbortController().signal,
  timeoutMs: 10_000,
  maxResultBytes: 1_000_000,
  attempt: 1,
  callKey: "request/0/call-1",
  archive: emptyArchive,
  now: Date.now,
  ...overrides,
});
