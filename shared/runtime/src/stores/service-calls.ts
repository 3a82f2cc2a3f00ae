// The contract of calls that one service makes of another; the transport carries them.

/** @param question as JSON has it; who answers checks it. */
export type AnswerCall = (question: unknown) => unknown;
