// The settings of assess.
import { payloadModes } from "@nocp/contracts/payload-mode.ts";
import { defineSection, type SectionValues, setting } from "@nocp/contracts/settings/setting.ts";
import { referenceModel } from "@nocp/models/prices/reference-model.ts";
import { z } from "zod";
import { type BudgetRules, defaultBudgetRules } from "./budget.ts";
import type { ConversationRules } from "./conversation/fit-conversation.ts";

/** Whose tokens are counted when a request names no model. */
export const defaultModel: string = referenceModel.model;

const share = z.number().gt(0).max(1);

export const assessSection = defineSection("assess", {
  defaultModel: setting(z.string().min(1), defaultModel, "Model whose tokenizer and prices are used if a request names none."),
  countWith: setting(
    z.enum(["estimate", "vendor"]),
    "estimate",
    "How prompts are counted for models without a public tokenizer; vendor: by Anthropic's and Gemini's endpoints, with one more call per request.",
  ),
  payloads: setting(
    z.enum(payloadModes),
    "inline",
    "Binary data in texts (base64, long hexadecimal numbers), for requests in mode lossless that do not say it themselves. inline: as they came; reference: in the archive, with a reference in their place.",
  ),
  minTokens: setting(
    z.int().min(0),
    defaultBudgetRules.minTokens,
    "Context with fewer tokens is not compressed, unless the request sets a size.",
  ),
  minSavedShare: setting(
    z.number().min(0).max(1),
    defaultBudgetRules.minSavedShare,
    "A compression that saves less than this share of the tokens is discarded.",
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
    "By tool name: results with fewer tokens are not compressed; minTokens applies to other tools.",
  ),
  expectedTurns: setting(
    z.number().min(1).max(1000),
    1,
    "How often the context of a session is expected to be sent, including now: savings are multiplied by it.",
  ),
  prefixCacheMs: setting(
    z.int().min(0),
    5 * 60 * 1000,
    "How long providers cache a conversation that was sent before, in milliseconds: rewriting it must save more than the cache does; 0: they do not.",
  ),
  lastMessages: setting(z.int().min(0).max(1000), 10, "Messages at the end of a conversation that stay verbatim."),
  sessionMaxTokens: setting(
    z.int().min(0),
    4000,
    "Maximum number of tokens for the earlier turns of a session in a prompt, in whatever form.",
  ),
  sessionRatio: setting(
    share,
    0.35,
    "Share of the tokens of a session's older turns that its summary, values and recalled turns may take.",
  ),
  sessionLastTurns: setting(z.int().min(0).max(1000), 5, "Turns at the end of a session that stay verbatim."),
  sessionCompactAfterTokens: setting(
    z.int().min(0),
    1000,
    "Tokens of further turns that stay verbatim as well; beyond it, turns are merged into the summary.",
  ),
  workers: setting(
    z.int().min(0).max(64),
    1,
    "Maximum number of threads for large contexts, so that they do not delay other requests; 0: everything runs in one thread.",
  ),
  workerMemoryMiB: setting(
    z.int().min(64),
    512,
    "Memory that one of these threads may take, in MiB; a context that needs more is not compressed.",
  ),
  sessionCacheSize: setting(z.int().min(0), 64 * 1024 * 1024, "Characters of session turns that a replica caches in memory."),
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
