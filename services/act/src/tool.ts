// The contract of a tool: what a file in tools/ exports as its default.

import type { OfferedTool } from "@nocp/contracts/prompt.ts";
import type { Section, SectionValues } from "@nocp/contracts/settings/setting.ts";
import type { ArchiveReader } from "@nocp/runtime/stores/archive/archive-store.ts";
import type { z } from "zod";

/** Values of a section whose settings are not known here. */
export type ToolSettings = Readonly<Record<string, unknown>>;

/** What a running tool is given beside its arguments. */
export interface ToolContext<Settings = ToolSettings> {
  /** Values of the section that the tool declares; an empty object when it declares none. */
  readonly settings: Settings;
  /** Fires when the time is up or the request ends. Pass it on to all I/O: a tool that ignores it is abandoned. */
  readonly signal: AbortSignal;
  /** Milliseconds this attempt may take. */
  readonly timeoutMs: number;
  /** More than this, as JSON, is refused. */
  readonly maxResultBytes: number;
  /** Counts from 1. */
  readonly attempt: number;
  /** The same for every run of the same call: an idempotency key for tools that change something. */
  readonly callKey: string;
  /** What compression removed in this request's session, or in this request when it has none; nothing else can be seen. */
  readonly archive: ArchiveReader;
  /** W3C Trace Context of the call's span: pass it on to other systems as the header `traceparent`. */
  readonly traceparent?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Work of NOCP's own tools in a process that can be killed: see process/built-in-child.ts for its names. */
export type RunInChild = (work: string, input: unknown, signal: AbortSignal) => Promise<unknown>;

/** What NOCP's own tools are given besides. */
export interface BuiltInToolContext<Settings = ToolSettings> extends ToolContext<Settings> {
  readonly runInChild: RunInChild;
}

export interface Tool<Arguments = unknown, S extends Section = Section> {
  /** Lower case, with dots between its parts: `file.read`. */
  readonly name: string;
  /** What it does, for the model that chooses among tools. */
  readonly description: string;
  readonly arguments: z.ZodType<Arguments>;
  /** Arguments that the schema accepts; shown to people, and used by the conformance suite. */
  readonly example: Readonly<Record<string, unknown>>;
  /** Milliseconds one attempt may take. */
  readonly timeoutMs: number;
  /** Running it twice does no harm: only then is it retried or cached. A redelivery may run any tool again. */
  readonly idempotent: boolean;
  readonly maxAttempts: number;
  /** How long a result may be used again for equal arguments, in milliseconds; 0 for never. */
  readonly cacheTtlMs: number;
  readonly settings?: S;
  /** JSON Schema of the arguments where the schema itself is in another process. */
  readonly parameters?: OfferedTool["parameters"];
  /** Which errors may pass on a second try; by default what the error catalogue says, and every unknown error. */
  retryable?(error: unknown): boolean;
  /** @returns JSON data. Whatever it throws becomes a failed tool result. */
  run(input: Arguments, context: BuiltInToolContext<SectionValues<S>>): unknown;
}

export type ToolDefinition<Arguments, S extends Section> = Omit<Tool<Arguments, S>, "maxAttempts" | "cacheTtlMs"> &
  Partial<Pick<Tool, "maxAttempts" | "cacheTtlMs">>;

/** Declares a tool with the types of its arguments and settings; one attempt and no caching unless it says otherwise. */
export const defineTool = <Arguments, S extends Section = Section<Record<never, never>>>(
  definition: ToolDefinition<Arguments, S>,
): Tool<Arguments, S> => ({ maxAttempts: 1, cacheTtlMs: 0, ...definition });
