// docs/compatibility.md: what becomes of each field of a client's request, from the tables that decide it.
import type { RequestField } from "@nocp/models/request-fields.ts";
import { messagesFields } from "@nocp/models/vendors/anthropic/messages-fields.ts";
import { chatFields } from "@nocp/models/vendors/openai/chat-fields.ts";
import { responsesFields } from "@nocp/models/vendors/openai/responses-fields.ts";
import { markdownTable } from "./markdown-table.ts";
import type { ReferenceDocument } from "./reference-document.ts";
import { type ClientResult, readClientResults, scenarios } from "./tested-clients.ts";

interface ServedApi {
  readonly heading: string;
  readonly fields: Readonly<Record<string, RequestField>>;
}

const apis: readonly ServedApi[] = [
  { heading: "`POST /v1/chat/completions`", fields: chatFields },
  { heading: "`POST /v1/messages`", fields: messagesFields },
  { heading: "`POST /v1/responses`", fields: responsesFields },
];

const words: Readonly<Record<RequestField["use"], string>> = {
  translated: "translated for every vendor",
  passed: "passed on; providers with another API are not called",
  harmless: "passed on; left out for providers with another API",
  edge: "read by NOCP",
  refused: "refused with status 400",
};

const rowOf = ([name, { use, unless = [], note = "" }]: readonly [string, RequestField]): string[] => [
  `\`${name}\``,
  words[use],
  [note, ...unless.map((value) => `\`${JSON.stringify(value)}\` is accepted everywhere`)]
    .filter((text) => text !== "")
    .join("; "),
];

const sectionOf = ({ heading, fields }: ServedApi): string =>
  `\n## ${heading}\n\n${markdownTable(["field", "what happens to it", "notes"], Object.entries(fields).map(rowOf))}\n`;

const clientRow = ({ client, version, api, passed, absent }: ClientResult): string[] => [
  `\`${client.replace(/ \(/, "` (")}${client.includes("(") ? "" : "`"}`,
  version,
  api,
  ...scenarios.map((scenario) => (passed.includes(scenario) ? "passes" : absent.includes(scenario) ? "–" : "fails")),
];

const clientSection = (results: readonly ClientResult[]): string => `
## Clients

These packages were run unchanged against the gateway, with a scripted vendor behind it (\`./nocp test --category peers\`).
Tools run in the client's own loop. A cancelled call must also end at the vendor. A batch is uploaded, created, polled and
downloaded, and has one line that is refused. –: the API does not have this.

${markdownTable(["package", "version", "API", "chat", "stream", "tools", "structured output", "error", "cancel", "batch"], results.map(clientRow))}
`;

export const compatibilityDocument = (results: readonly ClientResult[] = readClientResults()): ReferenceDocument => ({
  fileName: "compatibility.md",
  text: `# Compatibility of the HTTP API

What happens to each field of a request. \`null\` means the same as a missing field. With \`x-nocp-compression\` \`off\` or
\`lossless\`, a provider that speaks the API that was called receives every field unchanged, including fields that are not listed
here. With \`auto\`, and for providers with another API, requests are translated. Generated from the code by \`./nocp docs\`;
[gateway.md](gateway.md) describes the API.
${apis.map(sectionOf).join("")}${clientSection(results)}`,
});
