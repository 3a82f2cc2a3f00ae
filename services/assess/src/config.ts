// The settings of assess.
import { defineSection, type SectionValues, setting } from "@nocp/contracts/settings/setting.ts";
import { referenceModel } from "@nocp/models/prices/reference-model.ts";
import { z } from "zod";
import { type BudgetRules, defaultBudgetRules } from "./budget.ts";
import type { ConversationRules } from "./conversation/fit-conversation.ts";

/** Whose tokens are counted when a request names no model. */
export const defaultModel: string = referenceModel.model;

const share = z.number().gt(0).max(1);

export const assessSection = defineSection("assess", {
  defaultModel: setting(z.string().min(1), defaultModel, "Model whose tokens and prices count when a request names none."),
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
  toolRatio: setting(
    share,
    defaultBudgetRules.defaultRatio.tool,
    "Share of the tool results' tokens kept by default; of small ones up to 0.45, while that is below 2,000 tokens.",
  ),
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
  sessionMaxTokens: setting(
    z.int().min(0),
    4000,
    "Tokens that the turns before a session's request may take in its prompt, in whatever form.",
  ),
  sessionRatio: setting(
    share,
    0.35,
    "Share of the tokens of a session's older turns that summary, values and recalled turns may take.",
  ),
  sessionLastTurns: setting(z.int().min(0).max(1000), 5, "Turns at the end of a session that stay verbatim."),
  sessionCompactAfterTokens: setting(
    z.int().min(0),
    1000,
    "Tokens of turns before those that stay verbatim as well; beyond it they are rolled up into the summary.",
  ),
  sessionCacheSize: setting(
    z.int().min(0),
    64 * 1024 * 1024,
    "Characters of sessions' turns that a replica keeps in memory; what is not there is read again.",
  ),
});

/** The settings as the compressor's rules. */
export const budgetRulesOf = (settings: SectionValues<typeof assessSection>): BudgetRules => ({
  minTokens: settings.minTokens,
  minSavedShare: settings.minSavedShare,
  defaultRatio: { document: settings.documentRatio, message: settings.messageRatio, tool: settings.toolRatio },
  toolThresholds: settings.toolThresholds,
});

/** The settings as the rules of conversations. */
export const conversationRulesOf = (settings: SectionValues<typeof assessSection>): ConversationRules => ({
  maxTokens: settings.sessionMaxTokens,
  lastTurns: settings.sessionLastTurns,
  compactAfterTokens: settings.sessionCompactAfterTokens,
  olderRatio: settings.sessionRatio,
});
