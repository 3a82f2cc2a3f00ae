// What a caller of the Messages API wants done with a context that grows too long: `context_management`. Anthropic clears results
// of tools and thinking by itself. Its models are not asked for summaries, and others know nothing of it: there NOCP compresses.
import { z } from "zod";

type Json = Readonly<Record<string, unknown>>;

const editSchema = z.looseObject({
  type: z.string(),
  trigger: z.looseObject({ type: z.string(), value: z.int().positive() }).nullish(),
});
export const contextManagementSchema = z.looseObject({ edits: z.array(editSchema).max(16).nullish() });
type ContextManagement = z.infer<typeof contextManagementSchema>;

/** Input tokens from which on an edit is made, where the caller does not say (platform.claude.com/docs/en/build-with-claude). */
const usualTriggers: Readonly<Record<string, number>> = { clear_tool_uses: 100_000, compact: 150_000 };

const kindOf = (type: string): string => type.replace(/_\d{8}$/, "");
/** Nobody else's model is sent its thinking. */
const isOfThinking = (type: string): boolean => kindOf(type) === "clear_thinking";
const isVendors = (type: string): boolean => kindOf(type).startsWith("clear_");

export interface ContextPlan {
  /** What Anthropic is sent of it. */
  readonly sent: Json | undefined;
  /** Input tokens from which on NOCP shortens the context; undefined where it need not. */
  readonly limit: number | undefined;
}

/** @param isAnthropics whether the model that is asked is Anthropic's. */
export function planContext(asked: ContextManagement | undefined, isAnthropics: boolean): ContextPlan {
  const edits = asked?.edits ?? [];
  const sent = edits.filter(({ type }) => isVendors(type));
  const left = edits.filter(({ type }) => !isOfThinking(type) && !(isAnthropics && isVendors(type)));
  const limits = left.map(({ type, trigger }) =>
    trigger?.type === "input_tokens" ? trigger.value : (usualTriggers[kindOf(type)] ?? usualTriggers.compact!),
  );
  return {
    sent: sent.length === 0 ? undefined : { ...asked, edits: sent },
    limit: limits.length === 0 ? undefined : Math.min(...limits),
  };
}

export const isAnthropicModel = (model: string): boolean => /^(anthropic(@[^/]+)?\/|claude-)/.test(model);
