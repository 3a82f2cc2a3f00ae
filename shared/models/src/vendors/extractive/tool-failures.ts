// Tools that failed, as the context tells of them: an answer without their results must say so.

/** `orders.search: failed: TOOL_TIMEOUT: no answer in 5 s`, the line that stands for a failed tool. */
const failureLine = /^([\w.@/-]+): failed: (.+)$/gm;

/** @returns one sentence for each failed tool, in order. */
export const toolFailures = (context: string): string[] =>
  [...context.matchAll(failureLine)].map(([, tool, reason]) => `${tool} failed: ${reason}`);

export const withoutFailures = (context: string): string => context.replace(failureLine, "");
