// Tools and registries for the tests of act.

import { type ArchiveReader, missingBundle } from "@nocp/shared/archive/archive-store.ts";
import type { HandlerContext } from "@nocp/shared/messaging/handler.ts";
import pLimit from "p-limit";
import { z } from "zod";
import { type ActSettings, actSection } from "../../services/act/src/config.ts";
import { createResultCache } from "../../services/act/src/result-cache.ts";
import { createRunTools, type RunTools } from "../../services/act/src/run-tools.ts";
import { createStrayErrors, type StrayErrors } from "../../services/act/src/stray-errors.ts";
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

export interface TestTools {
  readonly registry: ToolRegistry;
  /** With an empty archive unless one is given, and no earlier results. */
  readonly runTools: (
    calls: Parameters<RunTools>[0],
    step: number,
    context: HandlerContext,
    archive?: ArchiveReader,
    earlierBytes?: number,
  ) => ReturnType<RunTools>;
  /** What the process would ask about an exception that nothing caught. */
  readonly strayErrors: StrayErrors;
  /** The waits between attempts, in milliseconds; none is really waited. */
  readonly waitsMs: number[];
}

export function createTestTools(
  tools: readonly Tool[],
  overrides: { maxResultBytes?: number; maxTotalResultBytes?: number; concurrency?: number } = {},
): TestTools {
  const registry = createToolRegistry(tools, () => ({}));
  const waitsMs: number[] = [];
  const strayErrors = createStrayErrors({ now: () => performance.now(), report: () => {}, stopService: () => {} });
  const runTools = createRunTools({
    registry,
    limits: { retryBaseMs: 100, retryMaxMs: 1000, maxResultBytes: overrides.maxResultBytes ?? 1_000_000 },
    cache: createResultCache(1_000_000),
    deadlineShare: 0.5,
    maxTotalResultBytes: overrides.maxTotalResultBytes ?? 10_000_000,
    strayErrors,
    limit: pLimit(overrides.concurrency ?? 8),
    random: () => 0.5,
    sleep: async (delayMs) => {
      waitsMs.push(delayMs);
    },
  });
  return {
    registry,
    runTools: (calls, step, context, archive = emptyArchive, earlierBytes = 0) =>
      runTools(calls, step, context, archive, earlierBytes),
    strayErrors,
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
