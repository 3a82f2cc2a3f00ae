// Ids of messages: derived, never random, so that a redelivery publishes the same ids again and is dropped (M2).

/** The id of a stage's emission: the input's id, then stage and index. `<tenant>.<requestId>>act.0>assess.0` reads as the way it came. */
export const emissionId = (inputId: string, stage: string, index: number): string => `${inputId}>${stage}.${index}`;

/** The id under which a dead letter's message is sent again for the n-th time (from 1). */
export const redriveId = (originalId: string, redrive: number): string => `${originalId.replace(/~r\d+$/, "")}~r${redrive}`;

/** How often a message with this id was sent again: 0 for an original. */
export const redriveOf = (messageId: string): number => Number(/~r(\d+)/.exec(messageId)?.[1] ?? 0);
