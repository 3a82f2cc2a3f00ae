// The id of every tool call, unique within its request: results and context items go by it.
import type { ToolRequest } from "@nocp/contracts/prompt.ts";
import type { ToolCall } from "@nocp/contracts/request.ts";

/** Calls without an id become call-1, call-2, … by position; an id that is taken gets -2, -3, … appended. */
export function withCallIds(calls: readonly ToolCall[]): ToolRequest[] {
  const taken = new Set<string>();
  const claim = (wanted: string): string => {
    let id = wanted;
    for (let suffix = 2; taken.has(id); suffix += 1) id = `${wanted}-${suffix}`;
    taken.add(id);
    return id;
  };
  return calls.map(({ id, name, arguments: input }, index) => ({ id: claim(id ?? `call-${index + 1}`), name, arguments: input }));
}
