// The tools of a request as its model is told of them.
import { hash } from "node:crypto";
import type { Removal, StrategyReport } from "@nocp/contracts/accounting.ts";
import { writeJson } from "@nocp/contracts/json/write-json.ts";
import type { ToolsCompleted } from "@nocp/contracts/messages.ts";
import type { OfferedTool, PromptMessage } from "@nocp/contracts/prompt.ts";
import { loadTool, loadToolName, type ToolDefinitionMode } from "@nocp/contracts/tool-loading.ts";
import { countTools } from "@nocp/models/tokens/count-chat.ts";
import type { TokenCounter } from "@nocp/text/tokens/token-counter.ts";
import { LRUCache } from "lru-cache";
import { createToolFinder, type SelectedTools, selectTools, type ToolFinder } from "./select-tools.ts";
import { compactTool, type Definition, shortTool } from "./tool-definitions.ts";

/** The name under which the result reports it. */
export const toolDefinitionStrategy = "tool-definitions";

export interface SentTools {
  readonly tools: readonly OfferedTool[];
  /** As they came, without NOCP's own that brings back others. */
  readonly whole: readonly OfferedTool[];
  /** Undefined: they are sent as they came. */
  readonly report?: StrategyReport;
  readonly removals: readonly Removal[];
}

export interface ToolSending {
  readonly message: ToolsCompleted;
  /** The conversation before the question's rounds and, at its end, with them, oldest first. */
  readonly conversation: readonly Pick<PromptMessage, "role" | "text" | "toolRequests">[];
  readonly counter: TokenCounter;
}

export interface ToolSender {
  send(sending: ToolSending): SentTools;
  /** What becomes of a definition by itself; undefined: it is sent as it came. */
  rewriteFor(request: ToolsCompleted["request"]): (<Tool extends Definition>(tool: Tool) => Tool) | undefined;
}

/** Definitions that take longer to read than other requests should wait are sent as they came. In characters of JSON. */
const mostCharacters = 256 * 1024;
/** Of lists of tools whose reading is remembered, in characters. */
const mostRemembered = 8 * 1024 * 1024;

interface KnownTools {
  readonly compact: readonly OfferedTool[];
  readonly short: readonly OfferedTool[];
  readonly finder: ToolFinder;
}

/** @param maxToolRounds how often the model may ask for tools: in its last turn nothing is held back. */
export function createToolSender(maxToolRounds: number): ToolSender {
  const remembered = new LRUCache<string, KnownTools>({ maxSize: mostRemembered });
  const knownOf = (tools: readonly OfferedTool[], json: string): KnownTools => {
    const key = hash("sha256", json, "base64url");
    const known = remembered.get(key) ?? knownTools(tools);
    remembered.set(key, known, { size: json.length });
    return known;
  };
  const definitions = new LRUCache<string, Definition>({ maxSize: mostRemembered });
  // The prompt and the vendor's own request have the same definitions, and so has the next request of the conversation.
  const definitionOf = (mode: "short" | "compact", { name, description, parameters }: Definition): Definition => {
    const json = writeJson([mode, name, description, parameters]);
    const key = hash("sha256", json, "base64url");
    const written = definitions.get(key) ?? (mode === "short" ? shortTool : compactTool)({ name, description, parameters });
    definitions.set(key, written, { size: json.length });
    return written;
  };
  return {
    send({ message, conversation, counter }) {
      const { offeredTools, request } = message;
      const loader = offeredTools.find(({ name }) => name === loadToolName);
      const whole = [...offeredTools.filter((tool) => tool !== loader), ...request.callerTools];
      const mode = modeOf(request);
      const json = mode === "whole" || whole.length === 0 ? "" : JSON.stringify(whole);
      if (json === "" || json.length > mostCharacters) return { tools: whole, whole, removals: [] };
      const known = knownOf(whole, json);
      const maySelect = mode === "selected" && loader !== undefined && message.step < maxToolRounds;
      const selected =
        maySelect && request.toolChoice === "auto" ? selectTools(known.compact, conversation, known.finder) : undefined;
      const tools = selected ? offeredWith(selected) : mode === "short" ? known.short : known.compact;
      return sentOf({ whole, tools, counter, held: heldOf(selected) });
    },
    rewriteFor(request) {
      const mode = modeOf(request);
      if (mode === "whole" || JSON.stringify(request.callerTools).length > mostCharacters) return undefined;
      return (tool) => ({ ...tool, ...definitionOf(mode === "short" ? "short" : "compact", tool) });
    },
  };
}

/** Where the vendor's own request has tools beside the translated ones, it speaks for all of them. */
const modeOf = ({ compression, native, framing }: ToolsCompleted["request"]): ToolDefinitionMode => {
  const isNative = framing !== "none" && native?.body.tools !== undefined;
  return compression.mode === "off" || isNative ? "whole" : (compression.toolDefinitions ?? "whole");
};

/** What is not asked for is not made. */
function knownTools(tools: readonly OfferedTool[]): KnownTools {
  let short: readonly OfferedTool[] | undefined;
  let finder: ToolFinder | undefined;
  return {
    compact: tools.map(compactTool),
    get short() {
      short ??= tools.map(shortTool);
      return short;
    },
    get finder() {
      finder ??= createToolFinder(tools);
      return finder;
    },
  };
}

const heldOf = (selected: SelectedTools<OfferedTool> | undefined): readonly OfferedTool[] => {
  const offered = new Set(selected?.offered);
  return selected?.held.filter((tool) => !offered.has(tool)) ?? [];
};

/** The one that brings back others comes first, so that it stays where it is when others are added. */
export function offeredWith({ offered, held }: SelectedTools<OfferedTool>): readonly OfferedTool[] {
  if (held.length === 0) return offered;
  // A caller's mark at the end of its tools stands at the end of those that its first question was offered.
  const mark = held.findLast(({ cache }) => cache !== undefined)?.cache;
  const heldAt = new Set(held);
  const last = offered.findLastIndex((tool) => !heldAt.has(tool));
  const marked = offered.map((tool, at) => (at === last && mark !== undefined ? { ...tool, cache: mark } : tool));
  return [loadTool(held.map(listed)), ...marked];
}

const longestHint = 60;

/** A name of one word says too little. */
function listed({ name, description }: OfferedTool): string {
  const hint = description.split("\n", 1)[0]?.trim() ?? "";
  return /[\p{L}\p{N}][^\p{L}\p{N}]+\p{L}|\p{Ll}\p{Lu}/u.test(name) || hint === ""
    ? name
    : `${name} (${hint.slice(0, longestHint)})`;
}

interface WrittenTools {
  readonly whole: readonly OfferedTool[];
  readonly tools: readonly OfferedTool[];
  /** Those that are not offered. */
  readonly held?: readonly OfferedTool[];
  readonly counter: TokenCounter;
}

/** What the definitions take before and after. */
export function definitionsReport({ whole, tools, held = [], counter }: WrittenTools): StrategyReport {
  const before = countTools(counter, whole);
  const after = countTools(counter, tools);
  const what =
    held.length === 0
      ? `the definitions of ${whole.length} tools are shorter`
      : `${whole.length - held.length} of ${whole.length} tools are offered, and ${loadToolName} brings the others`;
  const justification = `${what}: ${after} tokens instead of ${before}`;
  return { strategy: toolDefinitionStrategy, itemIds: whole.map(({ name }) => name), before, after, justification };
}

function sentOf(written: WrittenTools): SentTools {
  const { whole, tools, held = [] } = written;
  const report = definitionsReport(written);
  const removals = held.map(({ name }) => ({
    ...{ itemId: name, strategy: toolDefinitionStrategy, why: report.justification },
    parts: [{ mark: "", marks: 0, under: [], what: "all but the name" }],
  }));
  return { tools, whole, report, removals };
}
