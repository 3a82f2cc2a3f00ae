// Dialogues through the pipeline: with the vendor's cache alone, and with NOCP, against a vendor that caches as documented.
import { randomUUID } from "node:crypto";
import type { Client } from "@nocp/client/create-client.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { ConversationMessage, RouteCandidate } from "@nocp/contracts/request.ts";
import { costOf } from "@nocp/models/prices/cost-of-usage.ts";
import type { CachingVendorServer, VendorCall } from "../servers/caching-vendor-server.ts";
import type { Dialogue, DialogueGroup, DialogueStyle, DialogueTurn } from "../workloads/dialogues.ts";
import { type Arm, writeCaseFolder } from "./case-folder.ts";
import { recallOf } from "./measure-case.ts";

export interface DialogueArm {
  readonly usd: number;
  /** What the same calls would cost without a cache. */
  readonly uncachedUsd: number;
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  /** Questions whose answer holds all it needs, of those that are asked for facts. */
  readonly answered: number;
  readonly asked: number;
}

export interface MeasuredDialogues {
  readonly workload: string;
  readonly size: string;
  readonly style: DialogueStyle;
  readonly model: string;
  readonly dialogues: number;
  readonly turns: number;
  readonly caching: DialogueArm;
  readonly nocp: DialogueArm;
}

export interface DialogueOptions {
  readonly client: Pick<Client, "ask" | "sessions">;
  readonly server: CachingVendorServer;
  /** One of act's file roots. */
  readonly root: string;
  readonly route: RouteCandidate;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch: prices change. */
  readonly now: number;
}

export async function measureDialogues(
  { workload, size, style, dialogues }: DialogueGroup,
  options: DialogueOptions,
): Promise<MeasuredDialogues> {
  const caching: DialogueArm[] = [];
  const nocp: DialogueArm[] = [];
  for (const dialogue of dialogues) {
    caching.push(await measureArm(dialogue, "raw", options));
    nocp.push(await measureArm(dialogue, "optimized", options));
  }
  const turns = dialogues[0]?.turns.length ?? 0;
  const figures = { caching: sumOf(caching), nocp: sumOf(nocp) };
  return { workload, size, style, model: options.route.model, dialogues: dialogues.length, turns, ...figures };
}

async function measureArm(dialogue: Dialogue, arm: Arm, options: DialogueOptions): Promise<DialogueArm> {
  const { client, server, root, route, signal, now } = options;
  const folder = writeCaseFolder(root, dialogue.context);
  const session = dialogue.style === "session" ? { id: `caching-${randomUUID()}` } : undefined;
  const messages: ConversationMessage[] = [];
  const measured: DialogueArm[] = [];
  server.clearCache();
  server.takeCalls();
  try {
    for (const turn of dialogue.turns) {
      signal.throwIfAborted();
      server.expect(turn.expected);
      const request = folder.requestOf({ ...unmeasured, query: turn.query, context: dialogue.context }, arm, session);
      // Both arms say the same, so that their conversations are the same.
      const { query, messages: _none, output: _format, ...rest } = request;
      const asked = session
        ? { ...rest, query }
        : { ...rest, messages: [...messages, { role: "user" as const, text: turn.query }] };
      const result = await client.ask({
        ...asked,
        // Whoever relies on the cache alone marks every prompt for it.
        ...(arm === "raw" || dialogue.style === "announced" ? { promptCache: {} } : {}),
        routing: { ...route, cache: "off" },
      });
      if (result.status === "failed")
        throw new NocpError("UNEXPECTED", `${dialogue.id}: ${result.error?.code} ${result.error?.message}`);
      const answer = result.answer ?? "";
      messages.push({ role: "user", text: turn.query }, { role: "assistant", text: answer });
      measured.push({ ...billOf(server.takeCalls(), now), ...answeredOf(turn, answer) });
    }
    return sumOf(measured);
  } finally {
    folder.remove();
    if (session) await client.sessions.delete({ tenant: "default", id: session.id });
  }
}

const unmeasured = { id: "", kind: "", needs: [], enough: "all" } as const;

function billOf(
  calls: readonly VendorCall[],
  at: number,
): Pick<DialogueArm, "usd" | "uncachedUsd" | "inputTokens" | "cacheReadTokens"> {
  const price = ({ usage, model }: VendorCall): number => {
    const usd = costOf(usage, { kind: "table" }, model, at);
    if (usd === null) throw new NocpError("USAGE", `the price table does not know ${model}`);
    return usd;
  };
  const uncached = ({ model, usage }: VendorCall) =>
    price({ model, usage: { ...usage, cacheReadTokens: 0, cacheWriteTokens: 0, cacheWriteOneHourTokens: 0 } });
  const sum = (of: (call: VendorCall) => number) => calls.reduce((total, call) => total + of(call), 0);
  return {
    usd: sum(price),
    uncachedUsd: sum(uncached),
    inputTokens: sum(({ usage }) => usage.inputTokens),
    cacheReadTokens: sum(({ usage }) => usage.cacheReadTokens),
  };
}

function answeredOf({ expected }: DialogueTurn, answer: string): Pick<DialogueArm, "answered" | "asked"> {
  if ("reply" in expected) return { answered: 0, asked: 0 };
  const { answered } = recallOf(expected.question, answer);
  return answered === undefined ? { answered: 0, asked: 0 } : { answered: Number(answered), asked: 1 };
}

const fields = ["usd", "uncachedUsd", "inputTokens", "cacheReadTokens", "answered", "asked"] as const;

const sumOf = (arms: readonly DialogueArm[]): DialogueArm =>
  Object.fromEntries(fields.map((field) => [field, arms.reduce((sum, arm) => sum + arm[field], 0)])) as unknown as DialogueArm;
