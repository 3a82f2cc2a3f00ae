// docs/messages.md: every subject, who publishes it, who consumes it, its stream and its schema.

import { eventKinds } from "@nocp/contracts/event.ts";
import {
  cancelSubject,
  deadLetterStream,
  deadSubject,
  deltaSubject,
  eventSubject,
  eventsStream,
  type Fact,
  factSubject,
  facts,
  type Lane,
  progressSubject,
  resultSubject,
  resultsStream,
  type Stage,
  type StageTopology,
  stages,
  topology,
} from "@nocp/contracts/topology.ts";
import { claimsBucket, deadClaimsBucket } from "@nocp/runtime/transport/claim-check.ts";
import { claimDigestHeader, claimHeader, claimSizeHeader } from "@nocp/runtime/transport/message-headers.ts";
import { markdownTable } from "./markdown-table.ts";
import type { ReferenceDocument } from "./reference-document.ts";
import { factSchemaFile } from "./schemas.ts";

export interface SubjectRow {
  readonly subject: string;
  readonly publishers: readonly string[];
  readonly consumers: readonly string[];
  /** Absent for core NATS, which stores nothing. */
  readonly stream: string | undefined;
  readonly schemaFile: string | undefined;
}

const LANE = "<lane>" as Lane;
const REQUEST_ID = "<requestId>";

const emittersOf = (fact: Fact | "response.ready"): Stage[] =>
  stages.filter((stage) => (topology[stage] as StageTopology).emits.includes(fact));
const consumersOf = (fact: Fact): Stage[] => stages.filter((stage) => (topology[stage] as StageTopology).consumes.includes(fact));

/** Every subject of NOCP, in the order of a request's way. */
export function subjectRows(): SubjectRow[] {
  return [
    ...facts.map((fact) => ({
      subject: factSubject(fact, LANE, REQUEST_ID),
      publishers: emittersOf(fact).length > 0 ? emittersOf(fact) : ["caller"],
      consumers: consumersOf(fact),
      stream: consumersOf(fact).map((stage) => topology[stage].stream)[0],
      schemaFile: factSchemaFile(fact),
    })),
    {
      subject: resultSubject(REQUEST_ID),
      publishers: [...emittersOf("response.ready"), "any stage, for a request that failed there"],
      consumers: ["caller"],
      stream: resultsStream,
      schemaFile: "result.schema.json",
    },
    ...stages.map((stage) => ({
      subject: deadSubject(stage),
      publishers: [stage],
      consumers: ["`./nocp dead`"],
      stream: deadLetterStream,
      schemaFile: "dead-letter.schema.json",
    })),
    ...eventKinds.map((kind) => ({
      subject: eventSubject("<service>" as Stage, kind),
      publishers: ["every stage"],
      consumers: ["observability"],
      stream: eventsStream,
      schemaFile: kind === "transaction" ? "transaction-event.schema.json" : "stage-event-batch.schema.json",
    })),
    {
      subject: progressSubject("<service>" as Stage),
      publishers: ["every stage"],
      consumers: ["who watches a request"],
      stream: undefined,
      schemaFile: "stage-event-batch.schema.json",
    },
    {
      subject: deltaSubject(REQUEST_ID),
      publishers: ["llm-router"],
      consumers: ["caller"],
      stream: undefined,
      schemaFile: "delta.schema.json",
    },
    {
      subject: cancelSubject(REQUEST_ID),
      publishers: ["caller"],
      consumers: [...stages],
      stream: undefined,
      schemaFile: undefined,
    },
  ];
}

export const messageDocument = (): ReferenceDocument => ({
  fileName: "messages.md",
  text: `# Messages

Who says what on which subject. Made from \`shared/contracts/src/topology.ts\` by \`node cli/src/export-docs.ts\`.

\`<lane>\` is \`interactive\` or \`batch\`. Anybody may publish a request, with any NATS client: its body is the JSON of
[request.schema.json](request.schema.json), and the request id in the subject is its idempotency key.

${markdownTable(
  ["subject", "published by", "consumed by", "stream", "body"],
  subjectRows().map(({ subject, publishers, consumers, stream, schemaFile }) => [
    `\`${subject}\``,
    publishers.join(", "),
    consumers.join(", "),
    stream === undefined ? "none (core NATS, not stored)" : `\`${stream}\``,
    schemaFile === undefined ? "empty" : `[${schemaFile}](${schemaFile})`,
  ]),
)}

A stage reads its stream through one durable consumer a lane, named \`<stage>-<lane>\`. Streams and durables are created by
\`./nocp setup --streams\`.

## Large bodies

A body over half of the server's \`max_payload\` (of 1 MiB, unless it is configured otherwise) is kept in JetStream's object
store, and its message is empty but for headers. Results are among them: a client that reads results by itself looks for the
first of these headers, and fetches the body with \`nats object get ${claimsBucket} <name>\`. It is kept for
\`messaging.claimTtlMs\`.

- \`${claimHeader}\`: where the body is, \`<bucket>/<name>\`; the bucket is \`${claimsBucket}\`, that of dead letters \`${deadClaimsBucket}\`
- \`${claimDigestHeader}\`: SHA-256 of the body in hexadecimal
- \`${claimSizeHeader}\`: its bytes

The TypeScript client and \`./nocp publish\` read and send such bodies by themselves, requests up to
\`messaging.maxRequestBytes\`. Requests of other clients travel whole, so that \`max_payload\` is their limit: what is larger is
better named as a tool call than sent.
`,
});
