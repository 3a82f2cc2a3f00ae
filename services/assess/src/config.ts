// The settings of assess.
import { defineSection, type SectionValues, setting } from "@nocp/shared/config/setting.ts";
import { z } from "zod";
import { type BudgetRules, defaultBudgetRules } from "./budget.ts";

/** Whose tokens are counted when a request names no model. */
export const defaultModel = "gpt-4o";

const share = z.number().gt(0).max(1);

export const assessSection = defineSection("assess", {
  defaultModel: setting(z.string().min(1), defaultModel, "Model whose tokens are counted when a request names none."),
  countWith: setting(
    z.enum(["estimate", "vendor"]),
    "estimate",
    "Who counts a prompt for models without a public tokenizer; vendor: Anthropic's and Gemini's own endpoints, a call more for each request.",
  ),
  minTokens: setting(
    z.int().min(0),
    defaultBudgetRules.minTokens,
    "Context below this many tokens is left as it is, unless the request asks for a size.",
  ),
  minSavedShare: setting(
    z.number().min(0).max(1),
    defaultBudgetRules.minSavedShare,
    "A compression that saves less than this share of the tokens is thrown away.",
  ),
  documentRatio: setting(share, defaultBudgetRules.defaultRatio.document, "Share of the documents' tokens kept by default."),
  messageRatio: setting(share, defaultBudgetRules.defaultRatio.message, "Share of the conversation's tokens kept by default."),
  toolRatio: setting(share, defaultBudgetRules.defaultRatio.tool, "Share of the tool results' tokens kept by default."),
  toolThresholds: setting(
    z.record(z.string(), z.int().min(0)),
    {},
    "By a tool's name: its results of fewer tokens are left as they are; other tools: minTokens.",
  ),
  expectedTurns: setting(
    z.number().min(1).max(1000),
    1,
    "How often a session's context is expected to be sent, this time included: what a compression saves is counted so often.",
  ),
  prefixCacheMs: setting(
    z.int().min(0),
    5 * 60 * 1000,
    "How long vendors keep the cache of a conversation sent before, in milliseconds: rewriting it must save more than that; 0: they keep none.",
  ),
  lastMessages: setting(z.int().min(0).max(1000), 10, "Messages at the end of a conversation that stay verbatim."),
});

/** The settings as the compressor's rules. */
export const budgetRulesOf = (settings: SectionValues<typeof assessSection>): BudgetRules => ({
  minTokens: settings.minTokens,
  minSavedShare: settings.minSavedShare,
  defaultRatio: { document: settings.documentRatio, message: settings.messageRatio, tool: settings.toolRatio },
  toolThresholds: settings.toolThresholds,
});
