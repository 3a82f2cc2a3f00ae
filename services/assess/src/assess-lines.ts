// The compressor as a command: one JSON object a line in, one out, as they come.
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { contextItemSchema } from "@nocp/contracts/context-item.ts";
import { coerceError } from "@nocp/contracts/errors/nocp-error.ts";
import { describeProblems } from "@nocp/contracts/errors/schema-problems.ts";
import { parseKeepingDigits } from "@nocp/contracts/json/exact-numbers.ts";
import type { PayloadMode } from "@nocp/contracts/payload-mode.ts";
import type { ArchiveStore } from "@nocp/runtime/stores/archive/archive-store.ts";
import { z } from "zod";
import type { Compressor } from "./compress.ts";
import { archivedIn, bundlesOf, storeBundles } from "./refer-payloads.ts";

export const assessLineSchema = z.strictObject({
  id: z.union([z.string(), z.number()]),
  query: z
    .string()
    .nullish()
    .transform((query) => query ?? ""),
  items: z.array(contextItemSchema),
  targetRatio: z.number().gt(0).max(1).optional(),
  maxTokens: z.int().positive().optional(),
  recallFloor: z.number().gt(0).max(1).optional(),
  model: z.string().min(1).optional(),
});

/** What holds for every line that says nothing else. */
export interface AssessOptions {
  /** `auto` unless given. */
  readonly mode?: "auto" | "lossless" | undefined;
  /** What mode `lossless` has in place of binary data; inline unless given. */
  readonly payloads?: PayloadMode | undefined;
  readonly targetRatio?: number | undefined;
  readonly maxTokens?: number | undefined;
  readonly recallFloor?: number | undefined;
  readonly model?: string | undefined;
  readonly strategies?: readonly string[] | undefined;
  /** Whether answers list what was removed, item by item. */
  readonly explain?: boolean | undefined;
  /** Folder that what is removed is written to; without one, references are made and nothing is kept. */
  readonly archiveDir?: string | undefined;
}

/** Lines belong to no deployment: their archive is the default tenant's, each line a request of its own. */
const linesTenant = "default";

export interface AssessLinesDependencies {
  readonly compressor: Compressor;
  readonly options: AssessOptions;
  /** Where originals of what is removed are written; nowhere without it. */
  readonly archive?: Pick<ArchiveStore, "put"> | undefined;
  /** Milliseconds. */
  readonly now: () => number;
}

/**
 * Reads until the input ends. A line that is wrong is answered with `{"id"?, "error"}`, and the run goes on.
 * @returns the exit code: 1 when any line was wrong.
 */
export async function runAssessLines(input: Readable, output: Writable, dependencies: AssessLinesDependencies): Promise<number> {
  let exitCode = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === "") continue;
    const answer = await answerLine(line, dependencies);
    if ("error" in answer) exitCode = 1;
    if (!output.write(`${JSON.stringify(answer)}\n`)) await once(output, "drain");
  }
  return exitCode;
}

async function answerLine(line: string, { compressor, options, archive, now }: AssessLinesDependencies) {
  let parsed: unknown;
  try {
    // Trimming takes a byte order mark away, too.
    parsed = parseKeepingDigits(line.trim());
  } catch (error) {
    return { error: `not JSON: ${coerceError(error).message}` };
  }
  try {
    const checked = assessLineSchema.safeParse(parsed);
    if (!checked.success) return { ...idOf(parsed), error: describeProblems(checked.error) };
    const { id, query, items, targetRatio, maxTokens, recallFloor, model } = checked.data;
    const started = now();
    const result = await compressor.compress({
      query,
      items,
      mode: options.mode ?? "auto",
      targetRatio: targetRatio ?? options.targetRatio,
      maxTokens: maxTokens ?? options.maxTokens,
      recallFloor: recallFloor ?? options.recallFloor,
      model: model ?? options.model,
      strategies: options.strategies,
      explain: options.explain,
      payloadTenant: options.payloads === "reference" ? linesTenant : undefined,
      archiveScope: { tenant: linesTenant, kind: "request", id: String(id) || "-" },
    });
    const elapsedMs = Number((now() - started).toFixed(3));
    const bundles = bundlesOf(result);
    if (archive) await storeBundles(bundles, archive);
    return {
      id,
      text: result.text,
      rawTokens: result.rawTokens,
      optimizedTokens: result.optimizedTokens,
      strategies: result.strategies,
      archived: archivedIn(bundles),
      ...(options.explain ? { removed: result.removals ?? [] } : {}),
      ...(result.modelCalls.length === 0 ? {} : { modelCalls: result.modelCalls }),
      ...(result.warnings.length === 0 ? {} : { warnings: result.warnings }),
      elapsedMs,
    };
  } catch (error) {
    return { ...idOf(parsed), error: coerceError(error).message };
  }
}

function idOf(parsed: unknown): { id?: string | number } {
  const id = typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>).id : undefined;
  return typeof id === "string" || typeof id === "number" ? { id } : {};
}
