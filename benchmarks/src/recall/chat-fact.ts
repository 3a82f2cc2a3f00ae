// A fact that friends tell each other, and how it is asked for later.

export interface ChatFact {
  /** What another one asks before; empty when it is told unasked. */
  readonly lead: string;
  /** What is told; `{v}` is the value. */
  readonly say: string;
  /** How it is asked for later, in other words and in much the same; `{name}` told it. */
  readonly asks: readonly [other: string, alike: string];
  readonly values: readonly string[];
  /** Told several times with other values, each of which the answer needs. */
  readonly repeats?: true;
}

export interface ChatTopic {
  readonly facts: readonly ChatFact[];
  /** What is said on the topic without telling anything. */
  readonly chatter: readonly string[];
}

export const fact = (lead: string, say: string, other: string, alike: string, values: string): ChatFact => ({
  lead,
  say,
  asks: [other, alike],
  values: values.split("|"),
});
export const repeated = (...texts: Parameters<typeof fact>): ChatFact => ({ ...fact(...texts), repeats: true });
