// The line in a compressed text that says where the rest is.

/** The tool with which a model fetches what was removed. */
export const retrieveToolName = "context.retrieve";

export const referenceLineOf = (bundleReference: string): string => `[shortened: ${retrieveToolName} ${bundleReference}]`;

/** Of as many tokens as most: what a budget sets aside before the real one is known. */
export const ordinaryReference = "jqxzvkwpfy";

const referenceLine = /^\[shortened: context\.retrieve [a-z]{10}\]$/gm;

/** The text without such lines, for readers that take every line for content. */
export const withoutReferenceLines = (text: string): string => text.replace(referenceLine, "");
