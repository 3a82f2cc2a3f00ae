// docs/messages.md: every subject, who publishes it, who consumes it, its stream and its schema.

import { type EventKind, eventKinds } from "@nocp/contracts/event.ts";
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
  stages,
  topology,
  topologyOf,
} from "@nocp/contracts/topology.ts";
import { messageIdHeader } from "@nocp/runtime/stage/message-headers.ts";
import { claimsBucket, deadClaimsBucket } from "@nocp/runtime/transport/claim-check.ts";
import { claimDigestHeader, claimHeader, claimPartsHeader, claimSizeHeader } from "@nocp/runtime/transport/message-headers.ts";
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

const lane = "<lane>" as Lane;
const requestId = "<requestId>";
const tenant = "<tenant>";
const request = { tenant, lane, requestId };

const emittersOf = (fact: Fact | "response.ready"): Stage[] => stages.filter((stage) => topologyOf(stage).emits.includes(fact));
const consumersOf = (fact: Fact): Stage[] => stages.filter((stage) => topologyOf(stage).consumes.includes(fact));

/** Every subject of NOCP, in the order of the request flow. */
export function subjectRows(): SubjectRow[] {
  return [
    ...facts.map((fact) => ({
      subject: factSubject(fact, request),
      publishers: emittersOf(fact).length > 0 ? emittersOf(fact) : ["caller"],
      consumers: consumersOf(fact),
      stream: consumersOf(fact).map((stage) => topology[stage].stream)[0],
      schemaFile: factSchemaFile(fact),
    })),
    {
      subject: resultSubject(request),
      publishers: [...emittersOf("response.ready"), "any stage, if the request fails there"],
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
      publishers: [kind === "breaker-changed" ? "llm-router" : "every stage"],
      consumers: ["observability"],
      stream: eventsStream,
      schemaFile: eventSchemaFiles[kind],
    })),
    {
      subject: progressSubject(tenant, "<service>" as Stage, "<kind>"),
      publishers: ["every stage"],
      consumers: ["anyone watching a request"],
      stream: undefined,
      schemaFile: "stage-event-batch.schema.json",
    },
    {
      subject: deltaSubject(request),
      publishers: ["llm-router"],
      consumers: ["caller"],
      stream: undefined,
      schemaFile: "delta.schema.json",
    },
    {
      subject: cancelSubject(request),
      publishers: ["caller"],
      consumers: [...stages],
      stream: undefined,
      schemaFile: undefined,
    },
  ];
}

const eventSchemaFiles: Readonly<Record<EventKind, string>> = {
  transaction: "transaction-event.schema.json",
  "stage-retried": "stage-event-batch.schema.json",
  "dead-lettered": "stage-event-batch.schema.json",
  "breaker-changed": "breaker-event-batch.schema.json",
};

export const messageDocument = (): ReferenceDocument => ({
  fileName: "messages.md",
  text: `# Messages

Publishers and subscribers of every NATS subject. Generated from \`shared/contracts/src/topology.ts\` by \`./nocp docs\`.

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

\`<tenant>\` is \`default\` where there is only one, \`<lane>\` is \`interactive\` or \`batch\`, and \`<requestId>\` is a UUID. Each stage reads its stream through one durable
consumer per lane, named \`<stage>-<lane>\`, and one for a lane \`passing\`, to which stages copy what waits behind a busy
tenant's messages, and callers cannot submit. \`./nocp setup --streams\` creates the streams and consumers; the services do so
too when they start.

## Submitting a request

Publish the JSON of [request.schema.json](request.schema.json) to \`${factSubject("request.submitted", request)}\`, from any
NATS client.

- The request id must be a UUID, of any version. It is the idempotency key: use a new one for each request, and the same one
  to try again. If the body has a \`requestId\` or a \`tenant\`, they must be the same.
- Publish with JetStream and wait for the acknowledgement. The request is accepted once you have it. Without an
  acknowledgement, publish again with the same id.
- Set the header \`${messageIdHeader}\` to \`<tenant>.<requestId>\`. JetStream then drops repeats within its duplicate window.
- An error with code 10077 means that the stream takes no more messages. If its text ends in "per subject exceeded", this
  request is already in the queue. Otherwise the queue is full: try again later.

## Receiving a result

Every accepted request ends in one message on \`${resultSubject(request)}\`, stored in \`${resultsStream}\` for
\`messaging.resultsMaxAgeMs\`. The stored message is the one that counts, so read it from the stream: request
\`$JS.API.DIRECT.GET.${resultsStream}.${resultSubject(request)}\` with an empty body. The answer is the message, or has the
status 404 in its headers as long as there is none.

A core NATS subscription to the subject receives results as they are published, so that you need not ask all the time. It may
see a result twice, or see one that was not stored because another came first, and it misses what is published while it is not
connected: subscribe before you submit, and take what it receives as a signal to read the stream.

## Large bodies

The server limits a message to its \`max_payload\`, 1 MiB by default. A body larger than half of that travels by *claim
check*: the sender stores it in parts in the key-value bucket \`${claimsBucket}\` and sends a message with an empty body and
these headers:

- \`${claimHeader}\`: where the body is, \`<bucket>/<tenant>.<name>\`
- \`${claimPartsHeader}\`: in how many parts
- \`${claimDigestHeader}\`: SHA-256 of the body, in lower-case hexadecimal
- \`${claimSizeHeader}\`: its size in bytes

Part \`<n>\`, counted from 0, is a message on \`$KV.<bucket>.<tenant>.<name>.<n>\`. The TypeScript client and \`./nocp publish\`
do this automatically. Other clients need a few lines:

- **To send a large request**, publish its parts with JetStream under a new name, such as a UUID, and then the request with
  the four headers and no body. Requests can be up to \`messaging.maxRequestBytes\` (16 MiB by default). Smaller requests may
  also be sent this way. The stored body is deleted once the request has been handled.
- **To receive a large result**, look for the header \`${claimHeader}\`. If it is set, read the parts with direct gets, put
  them together, and compare the SHA-256. They are kept for \`messaging.claimTtlMs\`.

The body must be stored as the tenant of the message's subject: another tenant's is refused with \`CLAIM_MISSING\`. Dead letters
use the bucket \`${deadClaimsBucket}\`.

Complete clients that send and receive bodies of any size: [Python](../examples/clients/python/ask.py),
[Go](../examples/clients/go/main.go).
`,
});
