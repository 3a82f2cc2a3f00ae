// docs/providers.md: what becomes of each part of a request at each vendor, from the capability tables that decide it.
import {
  type CapabilityRule,
  type CapabilityTable,
  capabilitiesOf,
  type PromptCachingSupport,
  type RequestPart,
  requestParts,
  type Support,
} from "@nocp/models/capabilities.ts";
import { vendors } from "@nocp/models/vendor-table.ts";
import { markdownTable } from "./markdown-table.ts";
import type { ReferenceDocument } from "./reference-document.ts";

interface Api {
  readonly title: string;
  readonly capabilities: CapabilityTable;
}

/** Of every vendor that is asked over a network. */
const apis: readonly Api[] = vendors
  .filter(({ section }) => "baseUrl" in section.settings)
  .flatMap(({ title, capabilities, otherApis = [] }) => [{ title, capabilities }, ...otherApis]);

const parts = Object.keys(requestParts) as RequestPart[];
const words: Readonly<Record<Support, string>> = { sent: "sent", dropped: "dropped", refused: "refused" };

/** A row a part, a column an API: what holds for most of its models. */
const defaultRows = (): string[][] =>
  parts.map((part) => [
    `\`${part}\` (${requestParts[part]})`,
    ...apis.map(({ capabilities }) => words[capabilities.defaults.parts[part]]),
  ]);

/** Whether a later rule for the same models, or for all, sets the part again. */
const isOverridden = ({ models }: CapabilityTable, index: number, part: RequestPart): boolean =>
  models
    .slice(index + 1)
    .some(
      ({ names, parts }) => parts?.[part] !== undefined && (names.source === "^" || names.source === models[index]!.names.source),
    );

/** What a rule changes for its models in the end: neither what a later rule overrides nor what is the default anyway. */
const changedParts = (table: CapabilityTable, index: number): [RequestPart, Support][] =>
  (Object.entries(table.models[index]!.parts ?? {}) as [RequestPart, Support][]).filter(([part, support]) => {
    const setBefore = table.models.some((rule, at) => at < index && rule.parts?.[part] && !isOverridden(table, at, part));
    return !isOverridden(table, index, part) && (setBefore || support !== table.defaults.parts[part]);
  });

/** A row a rule that changes something: the models, and what they change. */
const ruleRows = (): string[][] =>
  apis
    .flatMap(({ title, capabilities }) =>
      capabilities.models.map((rule, index) => [
        title,
        rule.title,
        [
          ...changedParts(capabilities, index).map(([part, support]) => `\`${part}\` ${support}`),
          ...cachingChanges(rule.promptCaching ?? {}),
          ...limitChanges(rule),
          ...(rule.dialect?.schemaBesideTools === false ? ["`outputSchema` dropped while tools are offered"] : []),
          ...(rule.dialect?.reasoningEffort === "budget" ? ["`reasoningEffort` sent as a number of tokens"] : []),
        ].join(", "),
      ]),
    )
    .filter(([, , difference]) => difference !== "");

const limitRows = (): string[][] =>
  apis.map(({ title, capabilities }) => {
    const { limits, dialect, promptCaching } = capabilitiesOf(capabilities, "");
    return [
      title,
      String(limits.toolNameLength),
      String(limits.stopTexts),
      String(limits.smallestOutputTokens),
      limits.outputTokens === 0 ? "" : formatCount(limits.outputTokens),
      cachingText(promptCaching),
      `\`${dialect.maxOutputTokens}\``,
    ];
  });

/** Tokens of prompt and answer, and of the answer alone, where a rule sets them. */
const limitChanges = ({ limits = {}, features = {} }: CapabilityRule): string[] => [
  ...(limits.contextTokens ? [`a window of ${formatCount(limits.contextTokens)} tokens`] : []),
  ...(limits.outputTokens ? [`at most ${formatCount(limits.outputTokens)} output tokens`] : []),
  ...(features.parallelTools === false ? ["one tool call at a time"] : []),
];

const formatCount = (count: number): string => count.toLocaleString("en-US");

/** `marked: 4 marks, 5 minutes or an hour, from 1,024 tokens` */
function cachingText({ kind, marks, oneHour, leastTokens, key }: PromptCachingSupport): string {
  const details = [
    ...(marks > 0 ? [`${marks} marks`, oneHour ? "5 minutes or an hour" : "5 minutes"] : []),
    ...(leastTokens > 0 ? [`from ${formatCount(leastTokens)} tokens`] : []),
    ...(key ? ["`prompt_cache_key` sent"] : []),
  ];
  return details.length === 0 ? kind : `${kind}: ${details.join(", ")}`;
}

/** What a rule changes of it. */
function cachingChanges({ kind, leastTokens, markField, retention }: Partial<PromptCachingSupport>): string[] {
  return [
    ...(kind === undefined ? [] : [`prompts cached: ${kind}`]),
    ...(leastTokens === undefined || leastTokens === 0 ? [] : [`prompts cached from ${formatCount(leastTokens)} tokens`]),
    ...(markField === "prompt_cache_breakpoint" ? ["prompts cached up to marks (`prompt_cache_breakpoint`)"] : []),
    ...(retention === true ? ["an hour is sent as `prompt_cache_retention` 24h"] : []),
  ];
}

export const providerDocument = (): ReferenceDocument => ({
  fileName: "providers.md",
  text: `# Providers

What happens to each part of a request at each vendor. Text, the limit on output tokens and streaming are supported by all of them.

- **sent**: it reaches the model.
- **dropped**: the call is made without it, and the result has the warning \`PARAMETER_DROPPED\`. A dropped output schema is
  given to the model as an instruction, and the answer is checked against it.
- **refused**: the call is not made (\`PROVIDER_UNSUPPORTED\`), and the next candidate of the route is tried, because without an
  image, say, the model would answer another question.

An output schema is sent with the keywords that the vendor knows; the whole schema is checked in the answer.
Generated from the capability tables in \`shared/models/src/vendors\` by \`./nocp docs\`.

${markdownTable(["part of the request", ...apis.map(({ title }) => title)], defaultRows())}

## Models that differ

${markdownTable(["vendor", "models", "difference"], ruleRows())}

## Reasoning in the text

Reasoning between \`<think>\` and \`</think>\` at the beginning of a text is no part of the answer, from any server that speaks
OpenAI's APIs. Where a model's chat template writes \`<think>\` itself (DeepSeek-R1, QwQ, Qwen's thinking models) and the server
has no reasoning parser, the text begins inside the reasoning. List such models in \`providers.openai-compatible.openedThinking\`,
or in \`openedThinking\` of a named server, with \`*\` for any characters:

\`\`\`json
{ "local": { "vendor": "vllm", "baseUrl": "http://127.0.0.1:8000/v1", "openedThinking": ["deepseek-ai/*", "*-Thinking-*"] } }
\`\`\`

Otherwise a stream shows the reasoning and the closing tag as text; answers that are not streamed are recognised by a closing tag
alone on a line. A server with a reasoning parser (\`--reasoning-parser\` of vLLM) needs no setting.

## Limits and dialects

${markdownTable(["vendor", "characters in a tool name", "stop sequences", "smallest output limit", "largest output limit", "prompt caching", "field of the output limit in Chat Completions"], limitRows())}
`,
});
