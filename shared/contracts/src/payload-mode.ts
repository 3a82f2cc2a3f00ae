// What a prompt has in place of binary data in texts.

/** `inline`: the data, as they came; `reference`: a reference to the archive. */
export const payloadModes = ["inline", "reference"] as const;
export type PayloadMode = (typeof payloadModes)[number];
