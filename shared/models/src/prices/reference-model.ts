// The model whose tokens and prices stand for all where a request or a setting names none.

/** Its vendor, and a model of that vendor's price table. */
export const referenceModel = { vendor: "openai", model: "gpt-4o" } as const;
