// The turn of a session that an answered request was: kept before the result goes out, so that the next turn finds it.
import type { Warning } from "@nocp/contracts/accounting.ts";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { CompletionReceived } from "@nocp/contracts/messages.ts";
import type { NewSessionTurn, SessionMessage } from "@nocp/contracts/session.ts";
import type { SessionStore } from "@nocp/runtime/stores/sessions/session-store.ts";

/** @returns why the turn was not kept, although the request was answered; `undefined` when it was, or is of no session. */
export type KeepTurn = (message: CompletionReceived, answer: string, now: number) => Promise<Warning | undefined>;

/** A redelivered request adds nothing: the store knows its turn by the request id. */
export const createTurnKeeper =
  (sessions: Pick<SessionStore, "append">): KeepTurn =>
  async (message, answer, now) => {
    const { session, tenant } = message.request;
    if (session === undefined) return undefined;
    try {
      await sessions.append({ tenant, id: session.id }, turnOf(message, answer, now));
      return undefined;
    } catch (error) {
      // Archived while the model was at work: the answer is paid for and goes out.
      if (!(error instanceof NocpError) || error.code !== "SESSION_CLOSED") throw error;
      return { code: error.code, message: `the turn was not stored: ${error.message}` };
    }
  };

/** The request's own messages, its question and the answer. */
export function turnOf({ requestId, request, inputTokens }: CompletionReceived, answer: string, now: number): NewSessionTurn {
  const said = request.messages.flatMap(({ role, text, name }): SessionMessage[] =>
    role === "system" ? [] : [{ role, text, ...(name === undefined ? {} : { name }) }],
  );
  return {
    requestId,
    at: Math.round(now),
    messages: [
      ...said,
      ...(request.query === undefined ? [] : [{ role: "user" as const, text: request.query }]),
      ...(answer === "" ? [] : [{ role: "assistant" as const, text: answer }]),
    ],
    inputTokens,
  };
}
