// The contract of what is compared under the same calls.

export interface Contender {
  readonly name: string;
  /** @param upstreamDelayMs the model's server answers after this time. */
  callerFor(upstreamDelayMs: number): Caller;
  /** The processes that work for it, as of now; those that they started count, too. */
  processIds(): readonly number[];
}

export interface Caller {
  /** Reads the whole answer. @throws when there is none. */
  call(): Promise<void>;
  /** A streamed answer: resolves with the first piece of its text. Absent where answers are not streamed. */
  begin?(): Promise<void>;
  close(): void;
}

/** The path of the mock upstream that answers after a time; see servers/model-server.ts. */
export const upstreamPath = (delayMs: number): string => `/after-${delayMs}/v1`;

export const modelName = "benchmark-model";

/** A chat as clients send it. */
export const chatOf = (model: string): Readonly<Record<string, unknown>> => ({
  model,
  messages: [{ role: "user", content: "What is the launch code?" }],
});
