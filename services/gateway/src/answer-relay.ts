// From pieces and result to one answer: what was sent is the beginning of what is sent next, or nothing more is sent.
//
// States: following (pieces are handed on as they come) → waiting (pieces were lost or an attempt retells what was sent: the
// result says the rest) → ended. Whoever fails over in mid-answer begins again; as long as the new answer repeats what was
// sent, its text and its reasoning, a client never notices.
import type { AnswerPiece, Delta } from "@nocp/contracts/delta.ts";
import type { WholeAnswer } from "@nocp/models/answers/answer-pieces.ts";
import { createToldAnswer, restOfAnswer, type ToldAnswer } from "./told-answer.ts";

export interface AnswerRelay {
  /** @returns what to send now; undefined when there is nothing. */
  take(delta: Delta): AnswerPiece | undefined;
  /** @returns what of the answer was not sent; undefined when the answer does not begin with what was sent. */
  rest(result: WholeAnswer): AnswerPiece[] | undefined;
  /** Of the calls that were sent, the ids that they were sent with. */
  readonly callIds: readonly string[];
  /** Another answer has begun that does not repeat what was sent. */
  readonly isBroken: boolean;
}

export interface RelayOptions {
  /** The vendor whose items of reasoning the client gets; undefined: it gets reasoning as text, whoever's it is. */
  readonly itemsOf?: string | undefined;
  /** The id of a call, by its place among the client's; absent: the model's. */
  readonly callIdOf?: ((call: number) => string) | undefined;
}

export function createAnswerRelay({ itemsOf, callIdOf }: RelayOptions = {}): AnswerRelay {
  let sent: ToldAnswer = createToldAnswer(itemsOf);
  let attempt = 0;
  let nextSequence = 0;
  /** What the current attempt has said; undefined once a piece of it was lost. */
  let said: ToldAnswer | undefined = sent;
  /** Whether the current attempt has said so far what was sent. */
  let isAlike = true;
  let isBroken = false;
  /** Vendors give the same call another id each time; the client knows it by the first. */
  const callIds: string[] = [];
  const withSentId = (piece: AnswerPiece | undefined): AnswerPiece | undefined => {
    if (piece?.toolCall === undefined) return piece;
    const { call, id } = piece.toolCall;
    callIds[call] ??= callIdOf?.(call) ?? id;
    return { text: "", toolCall: { ...piece.toolCall, id: callIds[call] } };
  };

  const begin = (delta: Delta): void => {
    attempt = delta.attempt;
    said = createToldAnswer(itemsOf);
    isAlike = true;
    nextSequence = 0;
  };

  return {
    take(delta) {
      if (delta.attempt < attempt) return undefined;
      if (delta.attempt > attempt || (delta.sequence === 0 && nextSequence > 0)) begin(delta);
      if (delta.sequence !== nextSequence) said = undefined;
      nextSequence = delta.sequence + 1;
      const piece = said?.add(delta);
      if (said === undefined || piece === undefined) return undefined;
      if (said === sent) return withSentId(piece);
      isAlike &&= said.goesOnLike(sent);
      if (!isAlike || said.log.length < sent.log.length) {
        isBroken = !isAlike;
        return undefined;
      }
      const more = said.endAfter(sent, piece);
      sent = said;
      isBroken = false;
      return withSentId(more);
    },
    callIds,
    rest: (result) => restOfAnswer(sent, result, itemsOf),
    get isBroken() {
      return isBroken;
    },
  };
}
