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

/** A row a rule: the models, and what they change. */
const ruleRows = (): string[][] =>
  apis.flatMap(({ title, capabilities }) =>
    capabilities.models.map((rule) => [
      title,
      rule.title,
      [
        ...Object.entries(rule.parts ?? {}).map(([part, support]) => `\`${part}\` ${support}`),
        ...cachingChanges(rule.promptCaching ?? {}),
        ...limitChanges(rule),
        ...(rule.dialect?.schemaBesideTools === false ? ["`outputSchema` dropped while tools are offered"] : []),
        ...(rule.dialect?.reasoningEffort === "budget" ? ["`reasoningEffort` sent as a number of tokens"] : []),
      ].join(", "),
    ]),
  );

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
    ...(retention === true ? ["an hour is asked for as `prompt_cache_retention` 24h"] : []),
  ];
}

export const providerDocument = (): ReferenceDocument => ({
  fileName: "providers.md",
  text: `# Providers

What happens to each part of a request at each vendor. Texts, the limit of output tokens and streaming reach all of them.

- **sent**: it reaches the model.
- **dropped**: the call is made without it, and the result has the warning \`PARAMETER_DROPPED\`. A dropped output schema is
  given to the model as an instruction, and the answer is checked against it.
- **refused**: the call is not made (\`PROVIDER_UNSUPPORTED\`), and the next candidate of the route is tried: without an image,
  the answer would be to another question.

An output schema is sent with the keywords that the vendor knows; the whole schema is checked in the answer.
Generated from the capability tables in \`shared/models/src/vendors\` by \`./nocp docs\`.

${markdownTable(["part of the request", ...apis.map(({ title }) => title)], defaultRows())}

## Models that differ

${markdownTable(["vendor", "models", "difference"], ruleRows())}

## Limits and dialects

${markdownTable(["vendor", "characters of a tool's name", "stop texts", "smallest output limit", "most output tokens", "prompt caching", "limit of output in Chat Completions"], limitRows())}
`,
});
