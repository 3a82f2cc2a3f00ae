// Tools that NOCP ran before, or beside, calls that are the client's to run. The client sees its own calls alone; what NOCP's
// tools returned is kept under the ids of those calls, and is put back when the client sends their results.
import type { ToolResult, ToolRound } from "@nocp/contracts/messages.ts";
import { reasoningItemSchema, toolRequestSchema } from "@nocp/contracts/prompt.ts";
import { messageRoles, type NocpRequestInput } from "@nocp/contracts/request.ts";
import type { NocpResult } from "@nocp/contracts/result.ts";
import type { RecordStore } from "@nocp/runtime/stores/record-store.ts";
import { z } from "zod";

const keptMessageSchema = z.object({
  role: z.enum(messageRoles),
  text: z.string(),
  name: z.string().optional(),
  toolRequests: z.array(toolRequestSchema).optional(),
  toolRequestId: z.string().optional(),
  reasoning: z.array(reasoningItemSchema).optional(),
});

export const ownRoundsSchema = z.object({
  /** Of the model and of NOCP's tools, before the message with the client's calls. */
  before: z.array(keptMessageSchema),
  /** Where the model asked for tools of both kinds in one message: NOCP's part of it, and what the tools returned. */
  shared: z.object({ message: keptMessageSchema, results: z.array(keptMessageSchema) }).optional(),
});
export type KeptRounds = z.infer<typeof ownRoundsSchema>;

type Message = NonNullable<NocpRequestInput["messages"]>[number];

export interface OwnRounds {
  /** The result with ids of calls that its client can send back at any time. Keeps what belongs to them. */
  hide(tenant: string, result: NocpResult): Promise<NocpResult>;
  /** The conversation with what was hidden from its client; the same list where there was nothing. */
  restore(tenant: string, messages: readonly Message[]): Promise<readonly Message[]>;
}

/**
 * @param number from 0: of the client's calls, and then of NOCP's.
 * Unique in the world, at most 40 characters long, and of letters that every vendor takes in an id.
 */
export const ownCallId = (requestId: string, number: number): string =>
  `nocp_${requestId.replaceAll("-", "").toLowerCase()}_${number}`;
const ownId = /^nocp_([0-9a-f]{32})_\d{1,3}$/;

export function createOwnRounds(records: RecordStore<KeptRounds>): OwnRounds {
  const kept = async (tenant: string, { toolRequests = [] }: Message): Promise<KeptRounds | undefined> => {
    const request = toolRequests.map(({ id }) => ownId.exec(id)?.[1]).find((found) => found !== undefined);
    return request === undefined ? undefined : records.get(`${tenant}.${request}`);
  };
  return {
    async hide(tenant, result) {
      const { toolRounds = [], toolRequests = [], requestId } = result;
      if (toolRounds.length === 0 || toolRequests.length === 0) return result;
      let number = 0;
      const renamed = <Call extends { readonly id: string }>(call: Call): Call => ({
        ...call,
        id: ownCallId(requestId, number++),
      });
      const callers = toolRequests.map(renamed);
      await records.put(`${tenant}.${requestId.replaceAll("-", "").toLowerCase()}`, keptOf(toolRounds, renamed));
      return { ...result, toolRequests: callers };
    },
    async restore(tenant, messages) {
      const restored: Message[] = [];
      let hasChanged = false;
      for (const message of messages) {
        const rounds = message.role === "assistant" ? await kept(tenant, message) : undefined;
        hasChanged ||= rounds !== undefined;
        restored.push(...(rounds === undefined ? [message] : withRounds(message, rounds)));
      }
      return hasChanged ? restored : messages;
    },
  };
}

function keptOf(rounds: readonly ToolRound[], renamed: <Call extends { readonly id: string }>(call: Call) => Call): KeptRounds {
  const before: KeptRounds["before"] = [];
  let shared: KeptRounds["shared"];
  for (const { text, requests, results, reasoning, isShared } of rounds) {
    const calls = requests.map(renamed);
    const message = { role: "assistant" as const, text, toolRequests: calls, ...(reasoning ? { reasoning } : {}) };
    const answers = results.map((result, at) => ({
      role: "tool" as const,
      name: result.name,
      text: textOfResult(result),
      toolRequestId: calls[at]?.id ?? result.id,
    }));
    if (isShared) shared = { message, results: answers };
    else before.push(message, ...answers);
  }
  return { before, ...(shared ? { shared } : {}) };
}

function textOfResult({ data, error }: ToolResult): string {
  if (error !== undefined) return `failed: ${error.code}: ${error.message}`;
  return typeof data === "string" ? data : JSON.stringify(data ?? null);
}

/** Calls of both kinds stand in one message, as the model wrote them; a vendor wants every result right after it. */
function withRounds(message: Message, { before, shared }: KeptRounds): Message[] {
  if (shared === undefined) return [...before, message];
  const { message: own, results } = shared;
  const toolRequests = [...(own.toolRequests ?? []), ...(message.toolRequests ?? [])];
  const reasoning = message.reasoning ?? own.reasoning;
  return [...before, { ...message, toolRequests, ...(reasoning ? { reasoning } : {}) }, ...results];
}
