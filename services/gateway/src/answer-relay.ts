// From pieces and result to one text: what was sent is the beginning of what is sent next, or nothing more is sent.
//
// States: following (pieces are handed on as they come) → waiting (pieces were lost or an attempt retells what was sent: the
// result says the rest) → ended. Whoever fails over in mid-answer begins again; as long as the new text repeats what was
// sent, a client never notices.
import type { Delta } from "@nocp/contracts/delta.ts";

export interface AnswerRelay {
  /** @returns the text to send now; empty when there is none. */
  take(delta: Delta): string;
  /** @returns what of the answer was not sent; undefined when the answer does not begin with what was sent. */
  rest(answer: string): string | undefined;
  /** Another answer has begun that does not repeat what was sent. */
  readonly isBroken: boolean;
}

export function createAnswerRelay(): AnswerRelay {
  let sent = "";
  let attempt = 0;
  let nextSequence = 0;
  /** What the current attempt has said; undefined once a piece of it was lost. */
  let said: string | undefined = "";
  let isBroken = false;

  const begin = (delta: Delta): void => {
    attempt = delta.attempt;
    said = "";
    nextSequence = 0;
  };

  return {
    take(delta) {
      if (delta.attempt < attempt) return "";
      if (delta.attempt > attempt || (delta.sequence === 0 && nextSequence > 0)) begin(delta);
      if (delta.sequence !== nextSequence) said = undefined;
      nextSequence = delta.sequence + 1;
      if (said === undefined) return "";
      said += delta.text;
      if (said.startsWith(sent)) {
        const piece = said.slice(sent.length);
        sent = said;
        isBroken = false;
        return piece;
      }
      isBroken = !sent.startsWith(said);
      return "";
    },
    rest: (answer) => (answer.startsWith(sent) ? answer.slice(sent.length) : undefined),
    get isBroken() {
      return isBroken;
    },
  };
}
